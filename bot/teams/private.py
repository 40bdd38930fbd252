"""A message that one person alone may see, asked for where others read along.

Floor 6. It is a targeted message where the tenant allows that, else it stands in the one-to-one chat with the person. It
speaks past the turn's context, whose every verb speaks to all: there is one exception, in `close`. Source: targeted
messages of Teams (they last a day, and nobody else is told of them).
"""

from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from bot.limits import NOTE_PACE
from bot.teams.errors import MessageGone, Rejected
from bot.teams.message import blank, note, post
from dialogs.errors import Gone, NotReached
from dialogs.talk import Answer, PlaceKind

MakeCard = Callable[[PlaceKind], Awaitable[Activity]]
"""Makes the message that shows somebody how to sign in, for the kind of place it will stand in."""

TARGETED = "targeted"
CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Alone:
    """Whom an answer is for: Teams' own id of the person (29:…) and their tenant.

    `apology` is the sentence that everybody may read where the person cannot be reached, and the only one.
    """

    account: str
    tenant: str
    apology: str = NotReached().words


@dataclass(frozen=True, slots=True)
class Whisper:
    """Where a message stands that one person sees: `chat` is the one-to-one conversation, empty for a targeted one."""

    id: str
    chat: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str` made of it; None for anything else, such as the id of a message that everybody sees."""
        kind, _, rest = text.partition(":")
        chat, _, id = rest.partition(":")
        if kind == CHAT and chat:
            return cls(id, unquote(chat))
        return cls(rest) if kind == TARGETED else None

    def __str__(self) -> str:
        return f"{CHAT}:{quote(self.chat, safe='')}:{self.id}" if self.chat else f"{TARGETED}:{self.id}"


class Private:
    """`id` says where the message stands, None before it was said; another process can go on from it."""

    pace = NOTE_PACE.total_seconds()
    over = False

    def __init__(self, context: TurnContext, alone: Alone, id: str | None = None) -> None:
        self._context = context
        self._alone = alone
        self._bot: str = context.activity.recipient.id
        self._home: str = context.activity.conversation.id
        self._conversations = context.turn_state[BotAdapter.BOT_CONNECTOR_CLIENT_KEY].conversations
        self._place = Whisper.read(id) if id else None
        self._note = ""

    @property
    def id(self) -> str | None:
        """One word that the store keeps."""
        return str(self._place) if self._place else None

    async def open(self, words: str) -> str:
        """Say it for the first time. Raises `NotReached`."""
        self._note = words
        self._place = await self._say(note(words))
        return str(self._place)

    async def show(self, answer: Answer, words: str) -> bool:
        """Bring the note up to date; False where it is. The answer is shown when it is complete."""
        if not self._place or words in ("", self._note):
            return False
        await self._write(self._place, note(words, passing=True))
        self._note = words
        return True

    async def close(self, message: Activity) -> None:
        """Write the message over it; where that cannot be, say the message anew to the person. Raises `NotReached`."""
        try:
            await self._settle(message)
        except NotReached:
            # The one thing that is said where everybody reads it: our own sentence, word for word and bare, that there
            # was no way to the person. Whatever else was to be said stays unsaid.
            if message.attachments or message.text != note(self._alone.apology).text:
                raise
            await post(self._context, note(self._alone.apology))

    async def begin(self, message: Activity) -> str:
        """Begin a further message to the person, to be written over by this one. Raises `NotReached`."""
        return str(await self._say(blank(message)))

    async def fill(self, id: str, message: Activity) -> None:
        """Write the message over one that was begun; where it is gone, say it anew. Raises `NotReached`."""
        place = Whisper.read(id)
        if place is None or not await self._written(place, message):
            await self._say(message)

    async def more(self, message: Activity) -> None:
        """Say a further message to the person, in the same way. Raises `NotReached`."""
        await self._say(message)

    async def invite(self, card: MakeCard, kind: PlaceKind) -> bool:
        """Show the person how to sign in; whether it had to be shown one to one. Raises `NotReached`."""
        if self._place is None or not self._place.chat:
            try:
                await self._whisper(await card(kind))
                return False
            except (Rejected, Gone):
                pass
        # In their own chat Teams can sign the person in by itself, which it cannot in a channel: another card.
        await self._tell(await self._aside(), await card(PlaceKind.PERSONAL))
        return True

    async def _settle(self, message: Activity) -> None:
        if self._place and await self._written(self._place, message):
            return
        if self._place:
            # Of a note nobody may know whether it was taken: another is said then. That must not happen to the answer.
            self._place = await self._say(note(self._note))
            if await self._written(self._place, message):
                return
        self._place = await self._say(message)

    async def _written(self, place: Whisper, message: Activity) -> bool:
        """Whether it could be written over."""
        try:
            await self._write(place, message)
        except MessageGone:
            return False
        return True

    async def _write(self, place: Whisper, message: Activity) -> None:
        """Raises `MessageGone` where Teams has anything lasting against it: the person may be reached in another way."""
        update = self._conversations.update_activity if place.chat else self._conversations.rewhisper
        try:
            await update(place.chat or self._home, place.id, self._addressed(message, place.chat, place.id))
        except (Rejected, Gone):
            raise MessageGone from None

    async def _say(self, message: Activity) -> Whisper:
        if self._place is None or not self._place.chat:
            try:
                return await self._whisper(message)
            except (Rejected, Gone):  # the tenant does not allow it, or this client, or not here
                pass
        return await self._tell(await self._aside(), message)

    async def _whisper(self, message: Activity) -> Whisper:
        if not self._alone.account:
            raise NotReached  # nobody can be whispered to who is not named
        whisper = self._addressed(message, self._home)
        whisper.recipient = ChannelAccount(id=self._alone.account)
        return Whisper((await self._conversations.whisper(self._home, whisper)).id)

    async def _aside(self) -> str:
        """The one-to-one chat with the person. Raises `NotReached`."""
        if self._place and self._place.chat:
            return self._place.chat
        if not self._alone.account:
            raise NotReached
        chat: str = await self._conversations.take_aside(self._alone.account, self._alone.tenant, self._bot)
        return chat

    async def _tell(self, chat: str, message: Activity) -> Whisper:
        try:
            said = await self._conversations.send_to_conversation(chat, self._addressed(message, chat))
        except (Rejected, Gone):
            raise NotReached from None
        return Whisper(said.id, chat)

    def _addressed(self, message: Activity, conversation: str, id: str | None = None) -> Activity:
        """The message as this conversation's, the original as it was."""
        activity = copy(message)
        activity.id = id
        activity.from_property = ChannelAccount(id=self._bot)
        activity.conversation = ConversationAccount(id=conversation or self._home)
        activity.recipient = None
        return activity
