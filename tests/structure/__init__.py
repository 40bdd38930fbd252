"""The rules of the house, as facts about its own source."""
