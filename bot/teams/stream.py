"""A message that grows while it is written, by Teams' rules for streams (personal chats only).

Floor 6. A step carries the whole text so far and never takes anything back; the next one starts after the last returned.
"""

from collections.abc import Callable

from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ActivityTypes, Entity

from bot.limits import MESSAGE_BYTES, STREAM_PACE, STREAM_WALL
from bot.teams.errors import Ending, MessageGone, StreamEnded
from bot.teams.growth import Growth
from bot.teams.message import MARKDOWN, begun, mark, noted, post, put
from bot.teams.outgoing import Outgoing
from bot.teams.pressable import pressable
from bot.teams.split import size
from dialogs.plain import cut
from dialogs.talk import Answer

INFORMATIVE = 1_000
"""Characters of a line about the work under way (Teams)."""
ROOM = MESSAGE_BYTES // 4
"""Bytes that are streamed at most: the first part of an answer in several is longer in any case."""
LOOKED_AT = ROOM // 2
"""Characters of an answer that may be streamed."""


class Stream:
    """`id` is the stream's and the message's; `clock` counts seconds; `hosts` may be linked to."""

    def __init__(
        self,
        context: TurnContext,
        clock: Callable[[], float],
        pace: float = STREAM_PACE.total_seconds(),
        wall: float = STREAM_WALL.total_seconds(),
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self.id: str | None = None
        self.pace = pace
        self._context = context
        self._clock = clock
        self._ends = wall
        self._wall = wall
        self._hosts = hosts
        self._steps = 0
        self._note = ""
        self._growth = Growth()
        self._source = ""
        self._shown = ""

    @property
    def over(self) -> bool:
        """Whether it takes no step: it was not begun, or the time Teams gives it is nearly up and it is left for an update."""
        return self.id is None or self._clock() >= self._ends

    async def open(self, words: str) -> str:
        """The first step. Raises `StreamEnded` where streams are not allowed."""
        self._note = words
        self._ends = self._clock() + self._wall
        self.id = await self._step("informative", _line(words))
        if self.id is None:
            raise StreamEnded(Ending.NOT_ALLOWED)
        return self.id

    async def show(self, answer: Answer, words: str) -> bool:
        """Bring the message up to date with what is certain of the answer, or before that with the note; False where it is."""
        source = answer.text[:LOOKED_AT]
        text = self._shown if source == self._source else self._growth.shown(source, pressable(answer, self._hosts))
        if len(text) > len(self._shown) and text.startswith(self._shown) and size(text) <= ROOM:
            await self._step("streaming", text)
            self._shown, self._source = text, source
            return True
        if not self._shown and words not in ("", self._note):
            await self._step("informative", _line(words))
            self._note = words
            return True
        return False

    async def close(self, message: Activity) -> None:
        """The final step.

        Raises `StreamEnded` when the message is not what is shown so far and more: the stream ends as it stands then,
        and the message is to be written over it.
        """
        grown = message.text.startswith(self._shown)
        text = message.text if grown else self._shown
        final = Outgoing(
            type=ActivityTypes.message,
            text=text,
            text_format=MARKDOWN,
            entities=[mark("final", streamId=self.id), *((message.entities or ()) if grown else ())],
            channel_data=message.channel_data if grown else None,
            suggested_actions=message.suggested_actions if grown else None,
        )
        await post(self._context, final)
        if not grown:
            raise StreamEnded(Ending.PREFIX)

    async def begin(self, message: Activity) -> str:
        """Begin a further message, to be written over by this one."""
        return await begun(self._context, message)

    async def fill(self, id: str, message: Activity) -> None:
        """Write the message over one that was begun; where it is gone, say it anew."""
        try:
            await put(self._context, id, message)
        except MessageGone:
            await post(self._context, message)

    async def more(self, message: Activity) -> None:
        """Say a further message."""
        await post(self._context, message)

    async def _step(self, kind: str, text: str) -> str | None:
        """All but the first may be left out: each shows what those before it did."""
        self._steps += 1
        known = {"streamId": self.id} if self.id else {}
        step = _typing(text, mark(kind, streamSequence=self._steps, **known))
        step.passing = self.id is not None
        return await post(self._context, step)


def _typing(text: str, entity: Entity) -> Outgoing:
    return Outgoing(type=ActivityTypes.typing, text=text, text_format=MARKDOWN, entities=[entity])


def _line(words: str) -> str:
    """The note, as much of it as fits: what is rendered already is not cut, which could undo what makes it harmless."""
    room = INFORMATIVE // 2
    while len(shown := noted(cut(words, room))) > INFORMATIVE:
        room //= 2
    return shown
