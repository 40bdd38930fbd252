"""The Microsoft 365 Agents Playground beside the bot: `python -m tests.world.playground`."""
