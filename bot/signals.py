"""Spans and measurements, from wherever something happens to whoever receives them; to nobody, unless a receiver is set.

Floor 5, ground. Without a receiver each of these functions looks once and returns: no clock is read and nothing is kept. The receiver
is one for the process, like the handlers of a log. What is said is only what `bot.marks` has a place for.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self, Unpack

from bot.marks import Marks, Metric, Step, Target, TokenType
from bot.traces import HERE, Where, origin
from dialogs.errors import AssistantError, Blocked, Busy
from dialogs.talk import Finding, Usage

NANOSECONDS = 1e9
UNTOLD = (Finding("prompt", "other", "filtered"),)
"""What is counted where the filter refused and did not say why."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took time: nanoseconds since 1970. `parent`: the span it belongs to, "" for the first of a trace."""

    step: Step
    where: Where
    parent: str
    began: int
    ended: int
    marks: Marks = field(default_factory=Marks)


class Receiver(Protocol):
    """Who sends it on. None of its methods raises, or waits."""

    def span(self, span: Span) -> None:
        """A span has ended."""

    def tell(self, metric: Metric, value: float, marks: Marks) -> None:
        """A counter has grown by the value, or a histogram or gauge has met it."""

    def keeps(self, trace: str) -> bool:
        """Whether this trace is one of those that are sent; every process says the same of it."""

    def now(self) -> int:
        """Nanoseconds since 1970."""

    def name(self) -> str:
        """The id of a new span."""


class Switch:
    """The receiver of the process, if there is any. `models` tell of deployments at how many resources they are set aside."""

    __slots__ = ("models", "receiver")

    def __init__(self) -> None:
        self.receiver: Receiver | None = None
        self.models: list[Callable[[], Iterable[tuple[str, int]]]] = []


SWITCH = Switch()


@dataclass(frozen=True, slots=True)
class Begun:
    """What is under way. `where` is None where it is no part of a trace that is sent; its time is measured all the same."""

    step: Step
    receiver: Receiver
    at: int
    where: Where | None
    parent: str = ""


def begun(step: Step) -> Begun | None:
    """Something begins, below where the running task is. None without a receiver."""
    receiver = SWITCH.receiver
    if receiver is None:
        return None
    here = HERE.get()
    if here is None or not receiver.keeps(here.trace):
        return Begun(step, receiver, receiver.now(), None)
    return Begun(step, receiver, receiver.now(), Where(here.trace, receiver.name()), here.span)


def ended(begun: Begun | None, **marks: Unpack[Marks]) -> None:
    """It has ended."""
    if begun is not None and begun.where is not None:
        span = Span(begun.step, begun.where, begun.parent, begun.at, begun.receiver.now(), marks)
        begun.receiver.span(span)


def since(begun: Begun) -> float:
    """Seconds since it began."""
    return (begun.receiver.now() - begun.at) / NANOSECONDS


def tell(metric: Metric, value: float = 1, **marks: Unpack[Marks]) -> None:
    """Count or measure something."""
    if SWITCH.receiver is not None:
        SWITCH.receiver.tell(metric, value, marks)


class Stretch:
    """A span around a block, in which others stand below it; use it with `with`. Without a receiver it is nothing."""

    __slots__ = ("_back", "_begun", "_marks", "_step")

    def __init__(self, step: Step, **marks: Unpack[Marks]) -> None:
        self._step = step
        self._marks = marks

    def __enter__(self) -> Self:
        self._begun = begun(self._step)
        self._back = HERE.set(self._begun.where) if self._begun is not None and self._begun.where else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._back is not None:
            HERE.reset(self._back)
        if kind is not None:
            self._marks["cause"] = kind.__name__
        ended(self._begun, **self._marks)


class Visit:
    """A request at the door, and its span once it is known to which activity it belongs."""

    __slots__ = ("door", "parent")

    def __init__(self) -> None:
        self.door: Where | None = None
        self.parent = ""


VISIT: ContextVar[Visit | None] = ContextVar("visit", default=None)
"""The request that the running task serves."""


class Accepting:
    """An activity is being kept: a span around that, and the activity is counted where `new` is set within."""

    __slots__ = ("_back", "_begun", "_ids", "new")

    def __init__(self, tenant: str, conversation: str, activity: str) -> None:
        self._ids = (tenant, conversation, activity)
        self._begun: Begun | None = None
        self.new = False

    def __enter__(self) -> Self:
        receiver = SWITCH.receiver
        if receiver is not None:
            self._back = HERE.set(self._at_the_door(receiver, origin(*self._ids)))
            self._begun = begun(Step.ACCEPT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._begun is None:
            return
        HERE.reset(self._back)
        ended(self._begun, **({} if kind is None else Marks(cause=kind.__name__)))
        if self.new:
            tell(Metric.ACCEPTED)

    def _at_the_door(self, receiver: Receiver, first: Where) -> Where:
        visit = VISIT.get()
        if visit is None or not receiver.keeps(first.trace):
            return first
        visit.door, visit.parent = Where(first.trace, receiver.name()), first.span
        return visit.door


def asked(begun: Begun | None, usage: Usage, failure: AssistantError | None, *, charged: bool) -> None:
    """A model was asked: how long it took, what it cost in tokens, what its filter found, and why it failed."""
    if begun is None:
        return
    marks: Marks = {"model": usage.model, "version": usage.version}
    if failure is not None:
        marks["cause"] = type(failure).__name__
    tell(Metric.CALLED, since(begun), **marks)
    if charged:
        _spent(usage)
        marks |= {"input": usage.input, "output": usage.output, "cached": usage.cached}
    ended(begun, **marks)
    if isinstance(failure, Busy):
        tell(Metric.THROTTLED, target=Target.MODEL)
    for found in usage.findings or (UNTOLD if isinstance(failure, Blocked) else ()):
        tell(Metric.FILTERED, category=found.category, severity=found.severity)


def _spent(usage: Usage) -> None:
    kinds = ((TokenType.INPUT, usage.input), (TokenType.OUTPUT, usage.output), (TokenType.CACHED, usage.cached))
    for token, count in kinds:
        if count:
            tell(Metric.TOKENS, count, token=token, model=usage.model)
    for token, count in kinds[:2]:
        tell(Metric.USED, count, token=token, model=usage.model, version=usage.version)
