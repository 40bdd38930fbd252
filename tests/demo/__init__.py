"""`make demo`: a day with Parley in the Agents Playground, played by a browser and kept as pictures."""
