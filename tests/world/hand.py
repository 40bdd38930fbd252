"""A person at their client: writes, presses the buttons of cards, changes and deletes messages, rates, takes documents.

    ada = world.hand(ADA)                              # in their own chat with the bot; or in a `room`
    await ada.say("settings")
    await world.teams.settled(ada.room.conversation, 2)
    await ada.press("Save", tone="formal")             # the newest card that has such a button, with this filled in
    sent = await ada.say("hello")
    await ada.edit(sent, "good morning")
    await ada.accept()                                 # the newest document on offer
    assert ada.document("data.json") == b"…"           # what lies in their OneDrive then

What the bot does not take raises `Refused`; invokes hand back the status.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from tests.world import activities, faces
from tests.world.activities import Activity
from tests.world.chat import Shown
from tests.world.drive import Drive
from tests.world.people import Room, Someone
from tests.world.teams import TeamsDouble

Post = Callable[[Activity], Awaitable[tuple[int, bytes]]]
"""Brings an activity to the bot: status and body."""


class Refused(AssertionError):
    """The bot did not take it."""


class Hand:
    """What one person does in one room. Whatever the bot does not take raises `Refused`, but for the answers to invokes."""

    def __init__(self, teams: TeamsDouble, drive: Drive, person: Someone, room: Room, post: Post) -> None:
        self.person = person
        self.room = room
        self._teams, self._drive, self._post = teams, drive, post
        self._taken: dict[str, str] = {}

    async def say(self, text: str, **fields: Any) -> Activity:
        """Write a message; outside a personal chat it mentions the bot."""
        return await self._send(activities.message(self.room, self.person, text, **fields))

    async def press(self, title: str, /, on: Shown | None = None, nth: int = 0, **given: str) -> Activity:
        """Press a button of the card on a message, else of the newest that has it, with its fields as `given`."""
        message, card, button = self._button(title, on, nth)
        spoken = (button["data"].get("msteams") or {}).get("value")
        if spoken is not None:
            return await self._send(activities.message(self.room, self.person, spoken))
        filled = faces.filled(card, given)
        return await self._send(activities.pressed(self.room, self.person, button["data"], message.id, **filled))

    async def edit(self, sent: Activity, text: str) -> Activity:
        """Change a message of one's own."""
        return await self._send(activities.edited(sent, text))

    async def delete(self, sent: Activity) -> Activity:
        """Delete a message of one's own."""
        return await self._send(activities.deleted(sent))

    async def uninstall(self) -> Activity:
        """Remove the bot from one's own chat: it is told, and reaches the person no more."""
        self._teams.uninstall(self.person)
        return await self._send(activities.installed(self.room, self.person, "remove"))

    async def install(self) -> Activity:
        """Add the bot (again). Teams tells it twice."""
        self._teams.reopen(self.room.conversation)
        await self._send(activities.installed(self.room, self.person))
        return await self._send(activities.added(self.room, self.person))

    async def accept(self, on: Shown | None = None) -> int:
        """Agree to the document that a message offers, else to the newest on offer; the bot's status."""
        message, offer = self._offer(on)
        return await self._answer(message, offer["content"]["acceptContext"], self._upload(offer["name"]))

    def document(self, name: str) -> bytes | None:
        """What was put into the person's OneDrive under a name they agreed to; None where it is not whole."""
        return self._drive.whole(self._taken[name]) if name in self._taken else None

    async def decline(self, on: Shown | None = None) -> int:
        """Do not."""
        message, offer = self._offer(on)
        return await self._answer(message, offer["content"]["declineContext"], None)

    async def rate(self, on: Shown, reaction: str = "like", text: str = "", *, nested: bool = False) -> int:
        """Press a thumb under a message; the bot's status."""
        if not on.feedback:
            raise LookupError(f"{on.id} shows no thumbs")
        sent = activities.feedback(self.room, self.person, on.id, reaction, text, nested=nested)
        return (await self._post(sent))[0]

    def _upload(self, name: str) -> Mapping[str, Any]:
        """A new place for a document, as Teams tells a bot of it."""
        self._taken[name] = self._drive.address()
        return {
            "contentUrl": f"http://{self._drive.host}/Documents/{name}",
            "name": name,
            "uploadUrl": self._taken[name],
            "uniqueId": f"unique-{len(self._taken)}",
            "fileType": name.rpartition(".")[2],
        }

    async def _answer(self, message: Shown, context: Any, info: Mapping[str, Any] | None) -> int:
        sent = activities.file_consent(self.room, self.person, message.id, context, info)
        return (await self._post(sent))[0]

    async def _send(self, activity: Activity) -> Activity:
        status, _ = await self._post(activity)
        if status != 202:
            raise Refused(status)
        return activity

    def _newest(self) -> Iterator[Shown]:
        return reversed(self._teams.chat(self.room.conversation).seen_by(self.person))

    def _button(self, title: str, on: Shown | None, nth: int) -> tuple[Shown, faces.Element, faces.Element]:
        for message in [on] if on else self._newest():
            for card in message.cards:
                if any(one.get("title") == title for one in faces.buttons(card)):
                    return message, card, faces.button(card, title, nth)
        raise LookupError(f"no card there has a button {title!r}")

    def _offer(self, on: Shown | None) -> tuple[Shown, Mapping[str, Any]]:
        for message in [on] if on else self._newest():
            if message.offers:
                return message, message.offers[0]
        raise LookupError("no document is on offer there")
