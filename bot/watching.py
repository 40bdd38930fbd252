"""Watches a turn from the moment its activity was accepted until its last word stands in the chat.

Floor 8. A member of the room of `app`. Where telemetry is off, what is watched is handed back as it came.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.audit import Outcome
from bot.marks import Ending, Marks, Metric, Step
from bot.signals import SWITCH, Receiver, Span, Stretch, tell
from bot.store.rows import Claim, Phase, Record
from bot.traces import HERE, Where, origin
from bot.turn import Turn, Ways
from dialogs.streams import closing
from dialogs.talk import Ask, Event, Part, Say, Usage

ENDINGS = {
    Outcome.OK: Ending.OK,
    Outcome.REFUSED: Ending.REFUSED,
    Outcome.BLOCKED: Ending.FILTERED,
    Outcome.STOPPED: Ending.CANCELLED,
    Outcome.GONE: Ending.CANCELLED,
    Outcome.ERROR: Ending.ERROR,
}
"""How an activity was answered. One whose conversation is gone has nobody left to answer; a dead one was not answered."""
MICROSECOND = timedelta(microseconds=1)


def run(claim: Claim, ways: Ways, turn: Callable[[Ways], Turn]) -> Awaitable[Claim | None]:
    """Run the turn of a claim; from here on, the lines of its log say which activity they are about."""
    HERE.set(
        origin(claim.tenant, claim.conversation, claim.activity)
    )  # of the lane's own task, which sets it anew each time
    receiver = SWITCH.receiver
    if receiver is None:
        return turn(ways).run()
    return _watched(claim, turn(Watch(receiver, claim).over(ways)))


async def _watched(claim: Claim, turn: Turn) -> Claim | None:
    with Stretch(Step.TURN, attempts=claim.attempts):
        return await turn.run()


class Watch:
    """Over one turn."""

    def __init__(self, receiver: Receiver, claim: Claim) -> None:
        self._receiver = receiver
        self._claim = claim
        self._began = receiver.now()
        self._origin = origin(claim.tenant, claim.conversation, claim.activity)

    def over(self, ways: Ways) -> Ways:
        """The ways, watched."""

        async def answer(claim: Claim, ask: Ask, meter: Callable[[Usage], None]) -> AsyncIterator[Part]:
            said = False
            self._waited_for(ask)
            async with closing(ways.answer(claim, ask, meter)) as parts:
                async for part in parts:
                    if not said and isinstance(part, Say):
                        said = True
                        self._spoke(ask)
                    yield part

        return replace(ways, answer=answer, closed=self._closed)

    def _spoke(self, ask: Ask) -> None:
        if self._waited(ask):
            tell(Metric.FIRST_TOKEN, self._since())

    def _closed(self, ask: Ask | None, record: Record) -> None:
        """The ask has come to its end, in the database too."""
        ending = ENDINGS.get(record.outcome)
        marks: Marks = {} if ending is None else {"ending": ending}
        tell(*((Metric.DEAD, 1) if ending is None else (Metric.ANSWERED, 1)), **marks)
        if record.audit is not None and record.audit.cost:
            tell(Metric.COST, record.audit.cost)
        waited = ask is not None and self._waited(ask)
        if waited:
            tell(Metric.ANSWER, self._since(), **marks)
        self._first(marks, self._accepted() if waited else self._began)

    def _waited(self, ask: Ask) -> bool:
        """Whether somebody has waited all the time: for what is scheduled nobody has, nor who had to sign in for us."""
        return self._claim.at is not None and ask.event is Event.MESSAGE and not self._claim.parked

    def _since(self) -> float:
        """Seconds since the activity was accepted. The clock of another process may be behind this one's."""
        return max(0.0, (self._receiver.now() - self._accepted()) / 1e9)

    def _accepted(self) -> int:
        return self._began if self._claim.at is None else nanoseconds(self._claim.at)

    def _first(self, marks: Marks, began: int) -> None:
        """The first span of the trace, which only whoever ends the ask knows."""
        claim, receiver, first = self._claim, self._receiver, self._origin
        if receiver.keeps(first.trace):
            ids: Marks = {"tenant": claim.tenant, "conversation": claim.conversation, "activity": claim.activity}
            receiver.span(Span(Step.ACTIVITY, first, "", began, receiver.now(), {**ids, **marks}))

    def _waited_for(self, ask: Ask) -> None:
        """How long it was until the ask was begun for the first time."""
        claim, receiver, first = self._claim, self._receiver, self._origin
        again = claim.attempts or claim.lacking or claim.phase is not Phase.ACCEPTED
        if self._waited(ask) and not again and receiver.keeps(first.trace):
            began, where = self._accepted(), Where(first.trace, receiver.name())
            receiver.span(Span(Step.WAIT, where, first.span, began, max(began, self._began)))


def nanoseconds(at: datetime) -> int:
    """Since 1970."""
    return (at - datetime.fromtimestamp(0, at.tzinfo)) // MICROSECOND * 1000
