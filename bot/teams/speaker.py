"""The voice of one turn: a message that is there at once, says what is under way, grows, and ends as the answer.

Floor 6. In a personal chat it is a stream, elsewhere a placeholder that is written over, and for one person's eyes alone
a private message. What is heard is put down at once and shown by a task of its own at Teams' pace, so that the model is
read at full speed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from math import inf
from typing import Protocol, Self

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.limits import STREAM_PACE, STREAM_WALL
from bot.teams.errors import Ambiguous, Ending, Rejected, StreamEnded
from bot.teams.invitation import Invitation
from bot.teams.message import enclosures, messages, note, removed
from bot.teams.placeholder import Placeholder
from bot.teams.private import Alone, Private
from bot.teams.stream import Stream
from dialogs.errors import AssistantError, Gone, NotReached, TooLong
from dialogs.slices import Turnstile
from dialogs.talk import Answer, Ask, Note, Part, Place, PlaceKind, grow

LOOK = 0.1
"""Seconds until it is looked again whether there is something to show; twice as long each time there was not."""
SLOWEST = 15.0
"""Seconds that are left between two steps at most, however busy Teams is."""

Clock = Callable[[], float]
Pause = Callable[[float], Awaitable[None]]
Shown = Callable[[int], Awaitable[None]]
Begun = Callable[[str], Awaitable[None]]
Locate = Callable[[Place], Awaitable[Place]]
BESIDE = " "
"""Stands between the ids of several messages in the one word that the store keeps; no id holds it."""


async def known(place: Place) -> Place:
    """A place of which there is nothing to find out."""
    return place


class Growing(Protocol):
    """A message that changes until it is closed."""

    @property
    def id(self) -> str | None:
        """What the store keeps to go on from."""

    @property
    def pace(self) -> float:
        """Seconds between two steps."""

    @property
    def over(self) -> bool:
        """Whether it takes no more steps."""

    async def open(self, words: str) -> str:
        """Say it for the first time; its id."""

    async def show(self, answer: Answer, words: str) -> bool:
        """Bring it up to date; False where there was nothing new to be seen."""

    async def close(self, message: Activity) -> None:
        """Make it the answer; without an `open` before, say the answer."""

    async def begin(self, message: Activity) -> str:
        """Begin a further message, to be written over by this one; its id, "" where Teams tells none."""

    async def fill(self, id: str, message: Activity) -> None:
        """Write what the answer goes on with over a message that was begun."""

    async def more(self, message: Activity) -> None:
        """Say what the answer goes on with, at once."""


class Speaker:
    """One growing message for one ask. Use it as a context manager: it leaves no task behind.

    `placeholder` is the word for what an earlier life of the ask left in the chat: the first message's id, and those of
    further ones that it began. `clock` and `pause` are in
    seconds. `alone`: the one person who may see it. `proactive`: nobody sits there waiting, so it is no stream. `thumbs`:
    what a model wrote may be rated. `hosts`: where an answer may link to, `files`: where a document it hands over may lie.
    Without an `invitation` nobody is shown how to sign in. `locate` asks the conversation for what is not known of a place.
    `steps`: what a step waits for, of all who speak.
    """

    def __init__(
        self,
        context: TurnContext,
        place: Place,
        *,
        placeholder: str | None,
        clock: Clock,
        pause: Pause,
        pace: float = STREAM_PACE.total_seconds(),
        wall: float = STREAM_WALL.total_seconds(),
        invitation: Invitation | None = None,
        locate: Locate = known,
        alone: Alone | None = None,
        proactive: bool = False,
        thumbs: bool = True,
        hosts: frozenset[str] = frozenset(),
        files: frozenset[str] = frozenset(),
        steps: Turnstile | None = None,
    ) -> None:
        self._context = context
        self._steps = steps or Turnstile(1)
        self._clock = clock
        self._pause = pause
        self._kind = place.kind
        self._invitation = invitation
        self._locate = locate
        self._thumbs = thumbs
        self._hosts = hosts
        self._files = files
        ids = placeholder.split(BESIDE) if placeholder is not None else []
        first, self._begun = ids[0] if ids else None, ids[1:]
        self._message: Growing = Placeholder(context, first)
        if place.kind is not PlaceKind.PERSONAL:
            if alone is not None:
                self._message = Private(context, alone, first)
        elif placeholder is None and not proactive:
            self._message = Stream(context, clock, pace, wall, hosts)
        self._answer = Answer()
        self._note = ""
        self._stopped = False
        self._closed = False
        self._held = False
        self._offered = False
        self._removed = 0
        self._gone: Gone | None = None
        self._last = self._looked = -inf
        self._idle = LOOK
        self._slower = 0.0
        self._open = asyncio.Event()
        self._news = asyncio.Event()
        self._speaking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        if placeholder is not None:
            self._open.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    @property
    def stopped(self) -> bool:
        """Whether the person pressed Stop; nothing more is said then."""
        return self._stopped

    @property
    def removed(self) -> int:
        """How many links and pictures were taken out of the answer that was closed with."""
        return self._removed

    async def located(self, ask: Ask) -> Ask:
        """The ask with all that its conversation tells of its place."""
        place = await self._locate(ask.place)
        return ask if place is ask.place else replace(ask, place=place)

    async def open(self, note: str) -> str:
        """Show a first message; its id, "" where Teams tells none."""
        try:
            id = await self._message.open(note)
        except (StreamEnded, Rejected):
            if not isinstance(self._message, Stream):
                raise  # above all what is private: a placeholder would be seen by everybody
            self._message = Placeholder(self._context)
            id = await self._message.open(note)
        self._last = self._clock()
        self._open.set()
        return id

    async def add(self, part: Part) -> None:
        """Hear one more part. Returns at once. Raises `Gone` when the conversation turned out to be."""
        if self._gone is not None:
            raise self._gone
        if isinstance(part, Note):
            self._note = part.text
        self._answer = grow(self._answer, part)
        self._news.set()

    async def close(
        self, answer: Answer, shown: int = 0, on_shown: Shown | None = None, on_begun: Begun | None = None
    ) -> None:
        """Show the complete answer in place of all before.

        `shown` messages of it stand in the chat already; where there are several, `on_shown` is told their number after
        each, and `on_begun` before a further one says anything, with the word to go on from. Raises `AssistantError`s;
        after one that is not `lasting` the same answer may be closed once more.
        """
        await self._settled()
        if self._gone is not None:
            raise self._gone
        self._removed = removed(answer, self._hosts)
        said = messages(answer, thumbs=self._thumbs, hosts=self._hosts)
        parts = [*said, *enclosures(answer, self._files)]
        for number, part in enumerate(parts[shown:], shown + 1):
            if self._stopped:
                return
            if number == 1:
                await self._conclude(part)
            elif number > len(said):
                await self._continue(part, enclosed=True)
            else:
                await self._further(number - 2, part, on_begun)
            if on_shown is not None and len(parts) > 1 and not self._stopped:
                await on_shown(number)
        self._closed = True
        if answer.sign_in:
            await self.offer()

    async def offer(self) -> None:
        """Show the person, and nobody else, how to sign in; a second time it does nothing. Raises `AssistantError`s.

        What was begun waits for that, and another life of the ask writes the answer over it.
        """
        invited = self._invitation
        if invited is None or self._offered:
            return
        self._offered = True
        await self.hold()
        if self._stopped:
            return
        whisper = self._message if isinstance(self._message, Private) else None
        with suppress(Ambiguous):  # shown or not, the next try of the person brings another
            if await invited.show(self._context, self._kind, whisper) and whisper is None:
                await self._tell(note(invited.elsewhere))

    async def hold(self) -> None:
        """Say that the person is being signed in where the answer will stand, and leave it so for another life of the ask.

        A stream ends with that: Teams would end it in any case, and lets no other begin before.
        """
        if self._invitation is not None:
            await self.defer(self._invitation.waiting)

    async def defer(self, words: str) -> None:
        """Say why the answer waits where it will stand, and leave it so for another life of the ask."""
        if self._held or self._closed or self._message.id is None:
            return
        self._held = True
        await self._settled()
        await self._tell(note(words))

    async def _follow(self) -> None:
        """Shows what is new, always the latest state, for as long as the message takes steps."""
        await self._open.wait()
        more = True
        while more:
            await self._news.wait()
            await self._until(max(self._last + self._message.pace + self._slower, self._looked + self._idle))
            await self._steps.passed()
            async with self._speaking:
                self._news.clear()
                more = not self._message.over and await self._step()

    async def _step(self) -> bool:
        """One step, and whether there may be another. What goes wrong here is made good at the end."""
        try:
            if not await self._message.show(self._answer, self._note):
                return self._idled()
        except StreamEnded as ended:
            self._stopped = ended.reason is Ending.STOPPED
            self._last = self._clock()
            return False
        except AssistantError as error:
            self._gone = error if isinstance(error, Gone) else None
            self._slow_down(error)
            self._news.set()
            self._last = self._clock()
            return not error.lasting
        self._slower /= 2
        self._idle, self._last = LOOK, self._clock()
        return True

    def _idled(self) -> bool:
        """What was heard showed nothing new. That takes no step's time: the first words may come in the next moment."""
        self._idle, self._looked = min(2 * self._idle, self._message.pace), self._clock()
        return True

    def _slow_down(self, error: AssistantError) -> None:
        wish = error.retry_after.total_seconds() if error.retry_after else 0.0
        self._slower = min(max(2 * self._slower, wish, self._message.pace), SLOWEST)

    async def _until(self, time: float) -> None:
        """Let so much time pass."""
        wait = time - self._clock()
        if wait > 0:
            await self._pause(wait)

    async def _settled(self) -> None:
        """No further step is taken; one under way is never cut off: nobody would know whether it was taken."""
        async with self._speaking:
            await self._end()

    async def _tell(self, line: Activity) -> None:
        """Put a line where the answer will stand, under the answer where that stands already."""
        standing = self._closed or self._message.id is None
        await (self._continue(line) if standing else self._conclude(line))

    async def _conclude(self, part: Activity) -> None:
        """The message itself becomes the answer."""
        if isinstance(self._message, Stream) and await self._ended(self._message, part):
            return
        try:
            await self._message.close(part)
        except StreamEnded as ended:
            if ended.reason is not Ending.STOPPED:
                raise
            self._stopped = True

    async def _ended(self, stream: Stream, part: Activity) -> bool:
        """Whether the stream ended as the answer or by Stop; if not, its message is to be written over from now on."""
        if not stream.over:
            # At the pace alone: the answer does not wait as long as its steps do when Teams is busy.
            await self._until(self._last + stream.pace)
            try:
                await stream.close(part)
                return True
            except StreamEnded as ended:
                self._stopped = ended.reason is Ending.STOPPED
            except (Ambiguous, Rejected, TooLong):
                pass  # written over, it is said once, whether it was taken or not
        if not self._stopped:
            self._message = Placeholder(self._context, stream.id)
        return self._stopped

    async def _further(self, place: int, part: Activity, on_begun: Begun | None) -> None:
        """A further message of the answer. Its id is known to the store before it says anything, so it is said once."""
        if place >= len(self._begun) and on_begun is not None:
            await self._begin(part, on_begun)
        id = self._begun[place] if place < len(self._begun) else ""
        await (self._message.fill(id, part) if id else self._continue(part))

    async def _begin(self, part: Activity, on_begun: Begun) -> None:
        id = ""
        with suppress(Ambiguous):  # then one may stand there that says nothing
            id = await self._message.begin(part)
        self._begun.append(id)
        await on_begun(BESIDE.join((self._message.id or "", *self._begun)))

    async def _continue(self, part: Activity, *, enclosed: bool = False) -> None:
        """A further message. It is not repeated where nobody knows whether it was taken.

        What is `enclosed` Teams may refuse for reasons of its own (files are switched off, or unknown to this cloud): the
        answer stands all the same.
        """
        with suppress(Ambiguous, *((Rejected, NotReached) if enclosed else ())):
            await self._message.more(part)

    async def _end(self) -> None:
        # Let go of: the error a task ended with knows the frame it was in, and that knows us.
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
