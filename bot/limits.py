"""The numbers that bound the house, each with its unit and where it comes from.

Floor 5.
"""

from datetime import timedelta

BODY_BYTES = 256 * 1024
"""Largest request body (contract)."""
BODY_DEPTH = 32
"""Deepest nesting of a request body."""
CLOCK_LEEWAY = timedelta(minutes=5)
"""How far a token's times may be off (Bot Framework authentication)."""
KEY_REFRESH = timedelta(seconds=10)
"""Signing keys are fetched again for an unknown key id at most this often."""
KEY_AGE = timedelta(hours=24)
"""Signing keys are fetched again after this time at the latest."""

LEASE = timedelta(seconds=10)
"""How long a conversation's lease lasts without being extended."""
HEARTBEAT = LEASE / 3
"""How often leases are extended and abandoned conversations looked for."""
TURNS = 500
"""Turns one process has under way at most; further ones wait in the database."""
DRAIN = timedelta(seconds=20)
"""How long a process that is told to end finishes what it has begun."""
SIGN_IN_WAIT = timedelta(minutes=15)
"""How long a question waits for its person to sign in, and the card that shows how stands."""

MESSAGE_BYTES = 80_000
"""Largest message text in UTF-16 bytes; Teams refuses at 100 KB."""
STREAM_PACE = timedelta(seconds=1)
"""Shortest time between two steps of a stream (Teams: one request a second)."""
STREAM_WALL = timedelta(seconds=110)
"""When a stream is given up for an update; Teams ends it at two minutes."""
NOTE_PACE = timedelta(seconds=2)
"""Shortest time between two updates of a placeholder."""

THINKING = 4_000
"""Tokens on top of a reply's, because a model's reasoning counts against the same limit. Unused ones cost nothing."""
