"""A nod: who writes while something before it is still being answered sees that they were heard, long before their turn.

Floor 7. A member of the room of `bot.teams.desk`. It is Teams' own sign of typing, which says nothing, leaves no message and
goes away by itself: the turn's first message follows when its time has come. Nobody waits for it, and what stands in its way
ends it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from botbuilder.core import TurnContext
from botbuilder.schema import ActivityTypes

from bot.store.rows import Arrival
from bot.teams.activity import Incoming, event, parse
from bot.teams.adapter import Adapter
from bot.teams.errors import Throttled
from bot.teams.outgoing import Outgoing
from dialogs.errors import AssistantError
from dialogs.talk import Event, PlaceKind

PATIENCE = timedelta(seconds=2)
"""How long one may take. Later it would be seen after the answer, as if another were to come."""
TRIES = 3
"""How often one is tried at most."""
BEHIND = 0.05
"""Seconds by which it lets others go before it whose turn comes at the same time."""
MOST = 100
"""Nods that are under way at most: where Teams hangs, those who write next get none."""


class Nods:
    """Gives them, one at a time in a conversation: while one is under way it is everybody's there."""

    def __init__(
        self,
        adapter: Adapter,
        pause: Callable[[float], Awaitable[None]],
        report: Callable[[BaseException], None],
        patience: timedelta = PATIENCE,
        most: int = MOST,
    ) -> None:
        self._adapter = adapter
        self._pause = pause
        self._report = report
        self._patience = patience.total_seconds()
        self._most = most
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}

    def give(self, arrival: Arrival) -> None:
        """Begin one for what was kept and waits, if it is due one. Returns at once, and raises nothing."""
        where = arrival.tenant, arrival.conversation
        if where in self._under_way or len(self._under_way) >= self._most:
            return
        task = self._under_way[where] = asyncio.create_task(self._give(arrival.body))
        task.add_done_callback(lambda _: self._under_way.pop(where))

    @property
    def under_way(self) -> int:
        """How many are."""
        return len(self._under_way)

    async def close(self) -> None:
        """End those that are under way."""
        tasks = tuple(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _give(self, body: bytes) -> None:
        try:
            incoming = parse(body)
            if is_due(incoming):
                await self._shown(incoming)
        except (AssistantError, TimeoutError):
            pass  # the first message of its own turn is a sign too
        except Exception as fault:
            self._report(fault)

    async def _shown(self, incoming: Incoming) -> None:
        async with asyncio.timeout(self._patience):
            await self._tried(incoming)

    async def _tried(self, incoming: Incoming) -> None:
        """Answers go first: where they leave no room for it, it is tried again a few times when they may."""
        for left in reversed(range(TRIES)):
            try:
                await self._adapter.turn(incoming.raw, nod)
                return
            except Throttled as busy:
                if busy.retry_after is None or not left:
                    raise
                await self._pause(busy.retry_after.total_seconds() + BEHIND)


def is_due(incoming: Incoming) -> bool:
    """Whether who sent it is to see a nod: for a question in a group or channel, asked before everybody.

    Not in a personal chat: what is answered there before it has a stream open, on the screen of the very person who
    writes, and Teams wants no typing while one is. Which process has it, and how far it is, is not known here. So nobody
    is nodded at there either where it has no stream for once: a digest that is written, an answer past Teams' two
    minutes, a process that is full. Not for what was said to us alone: everybody would see it. Nor for our own errands,
    or for what follows something that somebody did and that asks for nothing.
    """
    asked = event(incoming) is Event.MESSAGE and not incoming.targeted
    return asked and incoming.kind is not PlaceKind.PERSONAL


async def nod(context: TurnContext) -> None:
    """One nod in the conversation of a turn, which takes no turn from an answer."""
    typing = Outgoing(type=ActivityTypes.typing)
    typing.passing = True
    await context.send_activity(typing)
