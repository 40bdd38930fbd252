"""A message that was changed after it was read: what is kept of it follows.

Floor 3. The person reads the change in their own message, so nothing is said.
"""

from collections.abc import AsyncIterator

from dialogs.changes import Amended
from dialogs.ports import Desk
from dialogs.talk import Ask, Part


async def amend(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Keep what the message says now; of one that was deleted, nothing, and no answer to it either."""
    yield Amended(ask.amends, ask.text)
