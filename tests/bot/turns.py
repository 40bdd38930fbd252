"""Fakes around a turn: phases and a voice that keep what happened, and ways whose dialog is a list of steps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.audit import Action
from bot.store.rows import Arrival, Claim, Phase, Record
from bot.turn import Act, Ways
from dialogs.errors import AssistantError
from dialogs.talk import Answer, Ask, Errand, Note, Part, Person, Place, PlaceKind, Say, Usage

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PLACE = Place(PlaceKind.GROUP, "19:chat@thread.v2")
ASK = Ask("1", Person("anna", "tenant"), PLACE, "What is new?")
HELD = "Signing in…"
CLAIM = Claim("tenant", PLACE.conversation, "1", 7, 0, b"{}", Phase.ACCEPTED, 0)


@dataclass(slots=True)
class Phases:
    """Keeps the phases a turn went through; `lost` is the phase at which the lane turns out to be somebody else's."""

    steps: list[str] = field(default_factory=list)
    record: Record | None = None
    again: datetime | None = None
    counted: bool | None = None
    """Whether the attempt that was put off counts."""
    refuse: dict[str, Exception] = field(default_factory=dict)
    stopped: bool = False
    """The person stopped the ask, which nobody here has heard."""
    next: Claim | None = None
    """What the lane holds behind it."""

    def _step(self, name: str) -> None:
        if name in self.refuse:
            raise self.refuse[name]
        self.steps.append(name)

    async def placed(self, claim: Claim, placeholder: str) -> None:
        self._step(f"placed {placeholder}")

    async def answered(self, claim: Claim, answer: bytes, placeholder: str | None = None) -> bool:
        self._step(f"answered {placeholder}" if placeholder else "answered")
        return not self.stopped

    async def shown(self, claim: Claim, count: int) -> None:
        self._step(f"shown {count}")

    async def finish(self, claim: Claim, record: Record) -> Claim | None:
        self._step("finished")
        self.record = record
        return None

    async def postpone(self, claim: Claim, at: datetime, record: Record | None = None, *, counted: bool = True) -> None:
        self._step("postponed")
        self.record = record
        self.counted = counted
        self.again = at

    async def before(self, claim: Claim) -> int:
        self._step("counted")
        return 3

    async def park(self, claim: Claim, until: datetime, record: Record) -> Claim | None:
        self._step("parked")
        self.record = record
        self.again = until
        return self.next


@dataclass(slots=True)
class Voice:
    """What stands in the chat. `stop_after` parts the person presses Stop."""

    chat: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stop_after: int | None = None
    heard: int = 0
    refuse: dict[str, AssistantError] = field(default_factory=dict)
    opened: int = 0
    slow: bool = False
    """Teams takes longer than the model."""
    offers: int = 0
    stop_when_held: bool = False
    locating: asyncio.Event | None = None
    """Until then Teams does not say where it is."""

    @property
    def stopped(self) -> bool:
        return self.stop_after is not None and self.heard >= self.stop_after

    @property
    def removed(self) -> int:
        return 2

    async def located(self, ask: Ask) -> Ask:
        if self.locating is None:
            return ask
        await self.locating.wait()
        return replace(ask, place=replace(ask.place, team="found"))

    async def open(self, note: str) -> str:
        if "open" in self.refuse:
            raise self.refuse["open"]
        self.opened += 1
        self.chat.append(note)
        if self.slow:
            await asyncio.sleep(0)
        return "m1"

    async def add(self, part: Part) -> None:
        self.heard += 1
        if isinstance(part, Note):
            self.notes.append(part.text)

    async def close(
        self,
        answer: Answer,
        shown: int = 0,
        on_shown: Callable[[int], Awaitable[None]] | None = None,
        on_begun: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        if "close" in self.refuse:
            raise self.refuse["close"]
        if not self.stopped:
            self.chat[-1:] = [answer.text]
            self.offers += answer.sign_in

    async def hold(self) -> None:
        if "hold" in self.refuse:
            raise self.refuse["hold"]
        self.chat[-1:] = [HELD]
        if self.stop_when_held:
            self.stop_after = 0

    async def defer(self, words: str) -> None:
        if "defer" in self.refuse:
            raise self.refuse["defer"]
        self.chat[-1:] = [words]

    async def offer(self) -> None:
        if "offer" in self.refuse:
            raise self.refuse["offer"]
        self.offers += 1


@dataclass(slots=True)
class Gate:
    """Where a dialog waits for a model that never answers."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    left: bool = False

    async def wait(self) -> None:
        self.reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.left = True


Step = Part | Exception | Usage | Gate


def ways(
    voice: Voice,
    steps: Sequence[Step],
    faults: list[BaseException] | None = None,
    closing: Usage | None = None,
    *,
    asked: Ask = ASK,
    action: Action = Action.ANSWER,
) -> Ways:
    """Ways whose dialog yields, meters, raises or waits at the given steps, and at its end meters `closing`.

    Their clock stands still.
    """

    async def answer(claim: Claim, asked: Ask, meter: Callable[[Usage], None]) -> AsyncIterator[Part]:
        try:
            for step in steps:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, Gate):
                    await step.wait()
                elif isinstance(step, Usage):
                    meter(step)
                else:
                    yield step
        finally:
            if closing is not None:
                meter(closing)

    async def speak(claim: Claim, asked: Ask, act: Act) -> None:
        await act(voice)

    return Ways(
        read=lambda: asked,
        speak=speak,
        answer=answer,
        action=lambda asked: action,
        keep=lambda tenant: timedelta(days=30),
        now=lambda: NOW,
        report=(faults if faults is not None else []).append,
        plan=planned,
        offered=offered,
    )


async def offered(claim: Claim, asked: Ask) -> bool:
    """No card stands anywhere yet."""
    return True


def planned(claim: Claim, asked: Ask, errand: Errand) -> Arrival:
    """An errand as an arrival that says what it is."""
    return Arrival(claim.tenant, errand.place.conversation, f"{errand.event} {errand.text}", b"{}", NOW, errand.due)


def claim(**changes: object) -> Claim:
    """The claim of the tests, changed."""
    return replace(CLAIM, **changes)  # type: ignore[arg-type]


HELLO: tuple[Step, ...] = (Say("Hello "), Say("Anna.", ai=True), Usage("m", 12, 3))
