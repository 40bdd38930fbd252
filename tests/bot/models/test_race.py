"""Who answers first: the next is asked when one fails or is late, and nobody is left running."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.models.race import Race
from dialogs.errors import AssistantError, Blocked, ModelGone, Silent, Unavailable

SOON, NEVER = 0.01, 60.0


@dataclass(eq=False)
class Runner:
    """Begins when it is told, or fails."""

    failure: AssistantError | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[bool] = field(default_factory=list)
    """With `late`, each time it was ended."""

    async def begin(self) -> None:
        self.asked.set()
        if self.failure is not None:
            raise self.failure
        await self.go.wait()

    async def end(self, *, late: bool = False) -> None:
        self.ended.append(late)


def ready() -> Runner:
    runner = Runner()
    runner.go.set()
    return runner


def race(*runners: Runner, late: float = SOON, within: float = NEVER) -> Race[Runner]:
    return Race(iter(runners), late, asyncio.get_running_loop().time() + within)


async def test_who_begins_in_time_is_taken_and_nobody_else_is_asked() -> None:
    one, two = ready(), ready()
    assert await race(one, two, late=NEVER).winner() is one
    assert not two.asked.is_set() and one.ended == []


async def test_who_fails_is_followed_at_once() -> None:
    one, two = Runner(Unavailable()), ready()
    held = race(one, two, late=NEVER)
    assert await held.winner() is two
    assert [type(each) for each in held.failures] == [Unavailable] and one.ended == []


async def test_who_is_late_is_overtaken_and_ended() -> None:
    one, two = Runner(), ready()
    assert await race(one, two).winner() is two
    assert one.ended == [True]


async def test_who_is_late_may_still_win_and_who_was_asked_after_is_not_to_blame() -> None:
    one, two = Runner(), Runner()
    running = asyncio.create_task(race(one, two).winner())
    await asyncio.wait_for(two.asked.wait(), 5)
    one.go.set()
    assert await running is one
    assert two.ended == [False]


async def test_who_fails_while_another_is_waited_for_is_followed_at_once() -> None:
    one, two, three = Runner(), Runner(Unavailable()), ready()
    assert await race(one, two, three).winner() is three
    assert one.ended == [True]


async def test_what_no_other_would_answer_better_ends_the_race() -> None:
    one, two = Runner(Blocked()), ready()
    with pytest.raises(Blocked):
        await race(one, two).winner()
    assert not two.asked.is_set()


async def test_what_is_gone_here_may_be_there_elsewhere() -> None:
    two = ready()
    assert await race(Runner(ModelGone()), two).winner() is two


async def test_when_time_is_up_all_are_ended_for_being_late() -> None:
    one, two = Runner(), Runner()
    held = race(one, two, within=5 * SOON)
    assert await held.winner() is None
    assert [type(each) for each in held.failures] == [Silent] and [one.ended, two.ended] == [[True], [True]]


async def test_who_is_not_waited_for_any_more_is_ended_without_blame() -> None:
    one = Runner()
    running = asyncio.create_task(race(one, late=NEVER).winner())
    await one.asked.wait()
    running.cancel()
    await asyncio.wait([running])
    assert one.ended == [False]


async def test_after_a_winner_that_came_to_nothing_those_left_are_asked() -> None:
    one, two = ready(), ready()
    held = race(one, two)
    assert [await held.winner(), await held.winner(), await held.winner()] == [one, two, None]


async def test_a_fault_of_ours_is_not_taken_for_an_answer() -> None:
    class Broken(Runner):
        async def begin(self) -> None:
            raise KeyError("ours")

    with pytest.raises(KeyError):
        await race(Broken(), ready()).winner()
