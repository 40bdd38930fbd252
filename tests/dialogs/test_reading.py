"""What was read, and what is said about it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.errors import AssistantError, NotAllowed, Unavailable, Unreadable
from dialogs.reading import STEP, Reading, coverage, gather
from dialogs.talk import Omitted, Post, Window
from dialogs.times import zone
from tests.dialogs.desk import FakeThreads, a_post, an_ask, thread

TWO = thread(("Anna", "One."), ("Ben", "Two."))


async def readings(items: Sequence[Post | Omitted], error: AssistantError | None = None) -> list[Reading]:
    return [reading async for reading in gather(FakeThreads(items, error), an_ask(), Window())]


async def read(items: Sequence[Post | Omitted], error: AssistantError | None = None) -> Reading:
    return (await readings(items, error))[-1]


def covered(reading: Reading, given: Sequence[Post] | None = None) -> str:
    return coverage(reading, reading.posts if given is None else given, UTC)


async def test_everything_read_is_said_exactly() -> None:
    reading = await read(TWO)
    assert covered(reading) == "Read 2 of 2 messages by 2 people, Mon 16 Nov 09:07 to 09:14 (UTC); nothing left out."


async def test_what_was_left_out_is_counted_by_its_reason() -> None:
    reading = await read([Omitted("own"), TWO[0], Omitted("deleted"), Omitted("deleted"), Omitted("system"), TWO[1]])
    assert covered(reading).startswith("Read 2 of 6 messages")
    assert covered(reading).endswith("left out: 2 deleted, 1 of my own, 1 from the system.")


async def test_the_request_itself_is_no_part_of_the_thread() -> None:
    reading = await read([*TWO, replace(a_post(3, "Anna", "@Parley summarise"), id="ask")])
    assert covered(reading).startswith("Read 2 of 3 messages")
    assert covered(reading).endswith("left out: 1 asked of me.")


async def test_other_bots_are_read_and_not_called_people() -> None:
    reading = await read([*TWO, a_post(3, "Build bot", "Failed.", bot=True)])
    assert "3 of 3 messages by 2 people and 1 bot," in covered(reading)


async def test_what_did_not_fit_the_model_is_said() -> None:
    reading = await read(thread(("Anna", "One."), ("Ben", "Two."), ("Anna", "Three.")))
    assert covered(reading, reading.posts[1:]) == (
        "Read 2 of 3 messages by 2 people, Mon 16 Nov 09:14 to 09:21 (UTC); "
        "left out: 1 older ones that were too much for the model at once."
    )


@pytest.mark.parametrize("error", [Unreadable(), Unavailable()])
async def test_a_reading_that_breaks_off_says_that_more_was_not_read(error: AssistantError) -> None:
    reading = await read(TWO, error)
    assert covered(reading).startswith("Read 2 of at least 2 messages")
    assert covered(reading).endswith(
        "Reading broke off half way: messages beyond these were not read and are not covered."
    )


@pytest.mark.parametrize("error", [Unreadable(), Unavailable()])
async def test_a_reading_that_fails_at_once_is_an_error(error: AssistantError) -> None:
    with pytest.raises(type(error)):
        await read([], error)


async def test_who_may_not_read_gets_nothing_of_what_was_read_before() -> None:
    with pytest.raises(NotAllowed):
        await read(TWO, NotAllowed())


async def test_progress_is_told_after_every_hundred_messages() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(2 * STEP + 1)]
    assert [reading.met for reading in await readings(many)] == [STEP, 2 * STEP, 2 * STEP + 1]


async def test_days_and_years_stand_where_they_differ() -> None:
    first, second = TWO[0], replace(TWO[1], time=TWO[1].time + timedelta(days=60))
    assert "Mon 16 Nov 09:07 2026 to Fri 15 Jan 09:14 2027 (UTC)" in covered(await read([first, second]))


async def test_times_are_the_persons_own() -> None:
    reading = await read(TWO)
    line = coverage(reading, reading.posts, ZoneInfo("Europe/Berlin"))
    assert "Mon 16 Nov 10:07 to 10:14 (Europe/Berlin)" in line


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "utc"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone(name) is UTC
