"""What may break around the bot, broken on purpose: `make faults` prints one line for each."""
