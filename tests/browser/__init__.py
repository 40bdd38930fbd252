"""The Agents Playground in a real Chromium, from the one address that `make run` prints. Leaves pictures/."""
