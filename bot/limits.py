"""The numbers that bound the house, each with its unit and where it comes from.

Floor 5.
"""

from datetime import timedelta

BODY_BYTES = 256 * 1024
"""Largest request body (contract)."""
BODY_DEPTH = 32
"""Deepest nesting of a request body."""
BODY_TIME = timedelta(seconds=10)
"""How long a request's body may take to arrive; Teams itself waits no longer than 15 seconds for the answer."""
HEAD_BYTES = 8_190
"""Longest line of a request's head, the one with the token included."""
HEADERS = 64
"""Most lines of a request's head; Teams and Azure's front doors send about thirty."""
IDLE = timedelta(seconds=250)
"""How long a connection may go without a whole head. Azure's front doors keep theirs for 240 seconds and must be first to end it."""
LINGER = timedelta(seconds=2)
"""How long the rest of a body is thrown away that was refused before it had come."""
ATTACHMENTS = 20
"""Things sent along with one message that are taken. Teams' own clients allow half as many; more is told of and not read."""
MENTIONS = 50
"""Mentions of one message that are taken out of its text; each is looked for in all of it."""
NAME_CHARS = 200
"""Characters of a person's or a file's name that are taken."""
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
TURNS = 1_000
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

PICTURES = 10
"""Pictures of one request that a model is shown (Azure OpenAI, "Use vision-enabled chat models")."""
PICTURE_BYTES = 20 * 1024 * 1024
"""Bytes of all of them."""
PICTURE_TOKENS = 5_000
"""Tokens that one takes at most: 64 × 64 patches of 32 pixels in one of 2,048 by 2,048, and 1,536 patches times 2.46 where a model
takes no more (OpenAI, "Images and vision"). gpt-4o-mini alone counts up to 48,169, which it says itself afterwards."""
