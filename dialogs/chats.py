"""The chats a person has with the assistant.

Floor 3. There is one at a time for now: a new one forgets the last.
"""

from collections.abc import AsyncIterator

from dialogs.ports import Desk
from dialogs.talk import Ask, NewChat, Part, Say


async def new_chat(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Starts afresh."""
    yield Say("A new chat begins here. I no longer go by anything said before.")
    yield NewChat()
