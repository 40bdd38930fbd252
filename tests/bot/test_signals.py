"""What may be said of an activity's way, and that nothing is where nobody listens."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, get_type_hints

import pytest

from bot.audit import Action, Entry, Outcome
from bot.marks import ALLOWED, SHAPES, Ending, Marks, Metric, Step, Target, attributes, of_chat
from bot.signals import SWITCH, Accepting, Span, Stretch, asked, begun, ended, tell
from bot.store.rows import Record, StoreAway
from bot.telemetry import hashed
from bot.telling import levels
from bot.traces import HERE, origin
from bot.turn import Turn
from bot.watching import run
from dialogs.errors import Blocked, Busy
from dialogs.talk import Finding, Say, Usage
from tests.bot.turns import ASK, CLAIM, NOW, Phases, Voice
from tests.bot.turns import ways as fakes

ROOT = Path(__file__).parents[2]
CANARY = "canary-61d0 is what I said"
USAGE = Usage("chat", 120, 30, 20, version="gpt-5.4-mini-2026-03-17")


@dataclass
class Ear:
    """A receiver that keeps everything. `share`: whether it keeps traces."""

    spans: list[Span] = field(default_factory=list)
    told: list[tuple[Metric, float, dict[str, Any]]] = field(default_factory=list)
    kept: bool = True
    time: int = 1_000
    names: int = 0

    def span(self, span: Span) -> None:
        self.spans.append(span)

    def tell(self, metric: Metric, value: float, marks: Marks) -> None:
        self.told.append((metric, value, dict(marks)))

    def keeps(self, trace: str) -> bool:
        return self.kept

    def now(self) -> int:
        self.time += 1_000_000_000
        return self.time

    def name(self) -> str:
        self.names += 1
        return f"{self.names:016x}"

    def of(self, metric: Metric) -> list[tuple[float, dict[str, Any]]]:
        return [(value, marks) for name, value, marks in self.told if name is metric]


@pytest.fixture
def ear() -> Iterator[Ear]:
    SWITCH.receiver = ear = Ear()
    HERE.set(origin("tenant", "chat", "1"))
    yield ear
    SWITCH.receiver = None
    HERE.set(None)


def test_every_mark_is_in_the_list_of_what_may_leave() -> None:
    assert set(ALLOWED) == set(get_type_hints(Marks))


def test_every_metric_has_a_shape() -> None:
    assert set(SHAPES) == set(Metric)


def test_no_mark_lets_words_through() -> None:
    """Whatever is put into any of them by mistake: what leaves holds none of it."""
    for name in ALLOWED:
        try:
            found = attributes(Marks(**{name: CANARY}))  # type: ignore[misc]
        except ValueError:
            continue
        assert not [value for value in found.values() if "canary" in str(value)], name


@pytest.mark.parametrize("name", ["model", "version", "category", "cause", "method", "severity"])
def test_a_name_that_is_none_is_left_out(name: str) -> None:
    assert attributes(Marks(**{name: "not a name, but words"})) == {}  # type: ignore[misc]


def test_ids_of_teams_are_hashed_as_in_the_log() -> None:
    found = attributes({"conversation": "19:chat@thread.v2", "activity": "f:1"})
    assert found == {"gen_ai.conversation.id": hashed("19:chat@thread.v2"), "parley.activity": hashed("f:1")}


def test_a_call_of_a_model_says_what_kind_it_is() -> None:
    assert of_chat({"model": "chat"}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "azure.ai.openai",
        "gen_ai.request.model": "chat",
    }


def test_every_process_calls_an_activitys_trace_the_same_and_no_other_so() -> None:
    assert origin("t", "c", "1") == origin("t", "c", "1")
    assert len({origin("t", "c", "1"), origin("t", "c", "2"), origin("t", "d", "1"), origin("u", "c", "1")}) == 4


def test_without_a_receiver_nothing_begins() -> None:
    assert begun(Step.CALL) is None
    with Stretch(Step.TURN), Accepting("t", "c", "1") as accepting:
        accepting.new = True
        tell(Metric.ACCEPTED)
    assert HERE.get() is None


def test_what_happens_within_stands_below(ear: Ear) -> None:
    with Stretch(Step.TURN):
        ended(begun(Step.CALL))
    call, turn = ear.spans
    assert (turn.parent, call.parent) == (origin("tenant", "chat", "1").span, turn.where.span)


def test_what_breaks_off_says_by_what(ear: Ear) -> None:
    with pytest.raises(OSError), Stretch(Step.TURN):
        raise OSError(CANARY)
    assert ear.spans[0].marks == {"cause": "OSError"}


def test_outside_of_a_trace_times_are_measured_and_no_span_is_sent(ear: Ear) -> None:
    HERE.set(None)
    asked(begun(Step.CHAT), USAGE, None, charged=True)
    assert ear.spans == [] and ear.of(Metric.CALLED)


def test_of_a_trace_that_is_not_kept_the_metrics_are_whole(ear: Ear) -> None:
    ear.kept = False
    asked(begun(Step.CHAT), USAGE, None, charged=True)
    assert ear.spans == [] and len(ear.of(Metric.TOKENS)) == 3


def test_a_model_that_refuses_is_counted_and_costs_nothing(ear: Ear) -> None:
    asked(begun(Step.CHAT), USAGE, Busy(), charged=False)
    assert ear.of(Metric.THROTTLED) == [(1, {"target": Target.MODEL})] and ear.of(Metric.TOKENS) == []


@pytest.mark.parametrize(
    ("findings", "counted"),
    [((Finding("prompt", "jailbreak", "detected"),), "jailbreak"), ((), "other")],
)
def test_what_the_filter_found_is_counted_by_its_category(
    ear: Ear, findings: tuple[Finding, ...], counted: str
) -> None:
    asked(begun(Step.CHAT), Usage("chat", 1, 0, findings=findings), Blocked(), charged=True)
    assert [marks["category"] for _, marks in ear.of(Metric.FILTERED)] == [counted]


def test_a_new_activity_is_counted_and_a_redelivery_is_not(ear: Ear) -> None:
    for new in (True, False):
        with Accepting("t", "c", "1") as accepting:
            accepting.new = new
    assert ear.of(Metric.ACCEPTED) == [(1, {})] and [span.step for span in ear.spans] == [Step.ACCEPT] * 2


async def watched(ear: Ear, *steps: Any, outcome: str = "", **changes: Any) -> Phases:
    """A turn under watch, of an ask that was accepted ten seconds before the receiver's time begins."""
    phases, at = Phases(), NOW - timedelta(seconds=10)
    ear.time = round(NOW.timestamp()) * 1_000_000_000
    claim = replace(CLAIM, **{"at": at, **changes})
    await asyncio.create_task(_awaited(claim, phases, steps))
    return phases


async def _awaited(claim: Any, phases: Phases, steps: Any) -> None:
    await run(claim, fakes(Voice(), steps), lambda handed: Turn(phases, handed, claim))


async def test_a_turn_ends_its_trace_with_the_span_all_others_stand_below(ear: Ear) -> None:
    await watched(ear, Say("Hello."))
    first = origin(CLAIM.tenant, CLAIM.conversation, CLAIM.activity)
    (root,) = [span for span in ear.spans if not span.parent]
    assert root.step is Step.ACTIVITY and root.where == first and root.marks["ending"] is Ending.OK
    assert {span.step for span in ear.spans if span.parent == first.span} == {Step.WAIT, Step.TURN}


async def test_the_wait_is_from_the_acceptance_to_the_turn(ear: Ear) -> None:
    await watched(ear, Say("Hello."))
    (waited,) = [span for span in ear.spans if span.step is Step.WAIT]
    assert (waited.ended - waited.began) / 1e9 == 11


async def test_the_first_words_are_measured_once_and_from_the_acceptance(ear: Ear) -> None:
    await watched(ear, Say("Hello "), Say("Anna."))
    ((seconds, _),) = ear.of(Metric.FIRST_TOKEN)
    assert 10 < seconds < 20


async def test_an_answer_is_counted_with_its_ending_and_timed(ear: Ear) -> None:
    await watched(ear, Say("Hello."))
    assert ear.of(Metric.ANSWERED) == [(1, {"ending": Ending.OK})] and len(ear.of(Metric.ANSWER)) == 1


async def test_what_the_filter_stops_is_filtered_and_not_an_error(ear: Ear) -> None:
    await watched(ear, Blocked())
    assert ear.of(Metric.ANSWERED) == [(1, {"ending": Ending.FILTERED})]


async def test_a_dead_letter_is_no_answer(ear: Ear) -> None:
    await watched(ear, OSError(), attempts=99)
    assert ear.of(Metric.DEAD) == [(1, {})] and ear.of(Metric.ANSWERED) == []


async def test_who_had_to_sign_in_first_was_not_kept_waiting_by_us(ear: Ear) -> None:
    await watched(ear, Say("Hello."), parked=True)
    assert ear.of(Metric.ANSWER) == [] and ear.of(Metric.FIRST_TOKEN) == []
    assert Step.WAIT not in {span.step for span in ear.spans}


async def test_a_clock_that_is_behind_makes_no_time_negative(ear: Ear) -> None:
    await watched(ear, Say("Hello."), at=NOW + timedelta(hours=1))
    assert [seconds for seconds, _ in ear.of(Metric.ANSWER)] == [0.0]


async def test_without_a_receiver_a_turn_is_not_touched_and_its_log_bears_the_trace() -> None:
    handed = fakes(Voice(), (Say("Hello."),))
    seen: list[bool] = []

    def turn(ways: Any) -> Turn:
        seen.append(ways is handed)
        return Turn(Phases(), ways, CLAIM)

    async def served() -> str:
        await run(CLAIM, handed, turn)
        here = HERE.get()
        return here.trace if here else ""

    trace = await asyncio.create_task(served())
    assert seen == [True] and trace == origin(CLAIM.tenant, CLAIM.conversation, CLAIM.activity).trace


def test_the_cost_is_the_audits(ear: Ear) -> None:
    from bot.watching import Watch

    entry = Entry(NOW, "tenant", "anna", "personal", "hash", Action.ANSWER, Outcome.OK, cost=0.25)
    Watch(ear, CLAIM).over(fakes(Voice(), ())).closed(ASK, Record(NOW, Outcome.OK, audit=entry))
    assert ear.of(Metric.COST) == [(0.25, {})]


class Backlog:
    """What is asked how much waits, where that cannot be found out."""

    busy = 3

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def run(self, statement: object, **values: object) -> None:
        raise self._fault


async def looked(ear: Ear, fault: Exception) -> list[type[BaseException]]:
    """Two looks at a house whose backlog has this fault; what was reported."""
    reported: list[type[BaseException]] = []
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        SWITCH.receiver = None if len(pauses) > 1 else ear

    house = cast(Any, Backlog(fault))
    await levels(house, house, lambda told: reported.append(type(told)), pause)
    assert (pauses, ear.of(Metric.TURNS)) == ([15.0, 15.0], [(3, {})] * 2)
    return reported


async def test_a_fault_in_looking_is_reported_and_ends_nothing(ear: Ear) -> None:
    assert await looked(ear, LookupError()) == [LookupError, LookupError]


async def test_a_database_that_is_away_shows_no_figure_and_is_reported_elsewhere(ear: Ear) -> None:
    assert await looked(ear, StoreAway("away")) == []


def test_where_nobody_is_told_nothing_of_it_is_imported() -> None:
    code = "import app, bot.running, sys; print([m for m in sys.modules if m.split('.')[0] in ('opentelemetry', 'google')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
