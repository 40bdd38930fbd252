"""The chats a person has with the assistant.

Floor 3. There is one at a time for now: a new one forgets the last.
"""

from collections.abc import AsyncIterator

from dialogs.ports import Desk
from dialogs.talk import Ask, NewChat, Part, PlaceKind, Say


async def new_chat(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Starts afresh."""
    if ask.place.kind is PlaceKind.PERSONAL:
        yield Say(desk.words.say("A new chat begins here. I no longer go by anything said before."))
    else:
        yield Say(
            desk.words.say(
                "I no longer go by what you asked me here before. The messages of this conversation I still read."
            )
        )
    yield NewChat()


async def stop(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """For a stop that comes when nothing is under way; one that comes in time never gets here."""
    yield Say(desk.words.say("There is nothing under way that I could stop."))
