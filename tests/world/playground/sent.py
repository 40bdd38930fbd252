"""The ids of the messages the newcomer typed.

Teams gives an activity the id of its message. The Playground gives it an id of its own, so it has to be looked up.
"""

import asyncio
from collections import defaultdict, deque

PATIENCE = 2.0
"""Seconds; the activity may overtake the answer that names the message."""


class Sent:
    """Message ids by where and what was typed, each handed out once."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], deque[str]] = defaultdict(deque)
        self._news = asyncio.Condition()

    async def note(self, conversation: str, text: str, id: str) -> None:
        async with self._news:
            self._ids[conversation, text].append(id)
            self._news.notify_all()

    async def take(self, conversation: str, text: str) -> str | None:
        """None where nobody typed that."""
        found = self._ids[conversation, text]
        try:
            async with asyncio.timeout(PATIENCE), self._news:
                await self._news.wait_for(lambda: bool(found))
                return found.popleft()
        except TimeoutError:
            return None
