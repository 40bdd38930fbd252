"""A breaker opens, is half open, and closes by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.models.breaker import DOUBT, LONGEST_REST, PATIENCE, REST, Breaker, Breakers, Try
from dialogs.errors import AssistantError, Busy, ModelGone, Silent, Unavailable

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


def admitted(breaker: Breaker) -> Try:
    leave = breaker.admit()
    assert leave is not None
    return leave


def opened(clock: Clock) -> Breaker:
    """A breaker that has just been opened, for `REST`."""
    breaker = Breaker(clock)
    for _ in range(PATIENCE):
        admitted(breaker).failed(Unavailable())
    return breaker


def test_a_half_open_breaker_lets_one_in_at_a_time() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.time += REST
    assert [breaker.admit() is None for _ in range(3)] == [False, True, True]


def test_when_the_one_begins_to_be_answered_all_are_let_in() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.time += REST
    admitted(breaker).began()
    assert [breaker.admit() is None for _ in range(3)] == [False, False, False]


def broken_off(clock: Clock) -> Breaker:
    """A breaker whose deployment began to answer and then said nothing more."""
    breaker = Breaker(clock)
    leave = admitted(breaker)
    leave.began()
    leave.failed(Silent())
    return breaker


def test_where_one_broke_off_in_the_middle_only_a_whole_answer_lets_all_in() -> None:
    clock = Clock()
    breaker = broken_off(clock)
    clock.time += REST
    leave = admitted(breaker)
    leave.began()
    begun = breaker.admit()
    leave.succeeded()
    assert begun is None and breaker.admit() is not None


def test_one_that_broke_off_in_the_middle_is_asked_after_others_for_a_minute() -> None:
    clock = Clock()
    breaker = broken_off(clock)
    clock.time += DOUBT - SECOND
    late = breaker.doubtful
    clock.time += SECOND
    assert late and not breaker.doubtful


def test_a_whole_answer_makes_it_as_good_as_any_other() -> None:
    clock = Clock()
    breaker = broken_off(clock)
    clock.time += REST
    leave = admitted(breaker)
    leave.began()
    leave.succeeded()
    assert not breaker.doubtful


def test_when_the_one_does_not_wait_for_it_another_may() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.time += REST
    admitted(breaker).withdrew()
    assert breaker.admit() is not None


def test_each_vain_try_makes_the_rest_longer_up_to_a_limit() -> None:
    clock, waits = Clock(), []
    breaker = opened(clock)
    for _ in range(4):
        began = clock.time
        while (leave := breaker.admit()) is None:
            clock.time += SECOND
        waits.append(clock.time - began)
        leave.failed(Unavailable())
    assert waits == [REST, 2 * REST, LONGEST_REST, LONGEST_REST]


def test_who_ended_before_it_half_opened_is_not_taken_for_the_one() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    early = [admitted(breaker) for _ in range(PATIENCE + 1)]
    for leave in early[1:]:
        leave.failed(Unavailable())
    clock.time += REST
    admitted(breaker)
    early[0].withdrew()
    assert breaker.admit() is None


def test_failures_of_what_was_asked_before_do_not_make_the_rest_longer() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    early = [admitted(breaker) for _ in range(9)]
    assert [leave.failed(Unavailable()) for leave in early] == [False, False, True] + [False] * 6
    clock.time += REST
    assert breaker.admit() is not None


def test_an_answer_that_begins_but_does_not_end_opens_it_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.time += REST
    leave = admitted(breaker)
    leave.began()
    assert leave.failed(Unavailable())
    assert breaker.admit() is None


def test_a_success_makes_it_forget() -> None:
    breaker = Breaker(Clock())
    for _ in range(PATIENCE - 1):
        admitted(breaker).failed(Unavailable())
    admitted(breaker).succeeded()
    assert not admitted(breaker).failed(Unavailable())


@pytest.mark.parametrize("error", [Silent(), ModelGone(), Busy(retry_after=SECOND)])
def test_what_costs_time_or_names_one_opens_it_at_once(error: AssistantError) -> None:
    breaker = Breaker(Clock())
    assert admitted(breaker).failed(error)
    assert breaker.admit() is None


def test_the_longest_time_that_was_named_holds() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    one, two = admitted(breaker), admitted(breaker)
    one.failed(Busy(retry_after=20 * SECOND))
    two.failed(Busy(retry_after=5 * SECOND))
    clock.time += 10 * SECOND
    refusal = breaker.refusal()
    assert (type(refusal), refusal.retry_after, breaker.admit()) == (Busy, 10 * SECOND, None)


@pytest.mark.parametrize(
    ("error", "kind"), [(Silent(), Unavailable), (Unavailable(), Unavailable), (ModelGone(), ModelGone)]
)
def test_a_refusal_says_why_and_names_no_time_that_nobody_named(
    error: AssistantError, kind: type[AssistantError]
) -> None:
    breaker = Breaker(Clock())
    for leave in [admitted(breaker) for _ in range(PATIENCE)]:
        leave.failed(error)
    assert (type(breaker.refusal()), breaker.refusal().retry_after) == (kind, None)


def test_a_clock_that_is_put_back_does_not_keep_it_open() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.time -= timedelta(minutes=10)
    assert breaker.admit() is not None


def test_each_deployment_has_a_breaker_of_its_own() -> None:
    breakers = Breakers(Clock())
    admitted(breakers.of("one")).failed(ModelGone())
    assert breakers.of("one").admit() is None and breakers.of("two").admit() is not None
