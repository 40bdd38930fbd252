"""What was read, and what is said about it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from dialogs.errors import AssistantError, Busy, NotAllowed, Unavailable, Unreadable
from dialogs.reading import STEP, Reading, coverage, gather
from dialogs.talk import Omitted, Person, Place, PlaceKind, Post, Window
from dialogs.times import zone
from tests.dialogs.desk import English, FakeThreads, a_post, an_ask, thread

TWO = thread(("Anna", "One."), ("Ben", "Two."))


async def readings(
    items: Sequence[Post | Omitted], error: AssistantError | None = None, size: int = 50
) -> list[Reading]:
    ask = an_ask()
    return [reading async for reading in gather(FakeThreads(items, error, size), ask, ask.place, Window())]


async def read(items: Sequence[Post | Omitted], error: AssistantError | None = None) -> Reading:
    return (await readings(items, error))[-1]


def covered(reading: Reading, given: Sequence[Post] | None = None) -> str:
    return coverage(reading, reading.posts if given is None else given, English())


async def test_everything_read_is_said_exactly() -> None:
    reading = await read(TWO)
    assert covered(reading) == "Read 2 of 2 messages by 2 people, Mon 16 Nov 09:07 to 09:14 (UTC); nothing left out."


async def test_what_was_left_out_is_counted_by_its_reason() -> None:
    reading = await read([Omitted("own"), TWO[0], Omitted("deleted"), Omitted("deleted"), Omitted("system"), TWO[1]])
    assert covered(reading).startswith("Read 2 of 2 messages")
    assert covered(reading).endswith("left out: 2 deleted, 1 of my own, 1 from the system.")


async def test_the_request_itself_is_no_part_of_the_thread() -> None:
    reading = await read([*TWO, replace(a_post(3, "Anna", "@Parley summarise"), id="ask")])
    assert covered(reading).startswith("Read 2 of 2 messages")
    assert covered(reading).endswith("left out: 1 request to me.")


async def test_other_bots_are_read_and_not_called_people() -> None:
    reading = await read([*TWO, a_post(3, "Build bot", "Failed.", bot=True)])
    assert "3 of 3 messages by 2 people and 1 bot," in covered(reading)


async def test_what_did_not_fit_the_model_is_said() -> None:
    reading = await read(thread(("Anna", "One."), ("Ben", "Two."), ("Anna", "Three.")))
    assert covered(reading, reading.posts[1:]) == (
        "Read 2 of 3 messages by 2 people, Mon 16 Nov 09:14 to 09:21 (UTC); left out: 1 not covered."
    )


@pytest.mark.parametrize("error", [Unreadable(), Unavailable()])
async def test_a_reading_that_breaks_off_says_that_more_was_not_read(error: AssistantError) -> None:
    reading = await read(TWO, error)
    assert covered(reading).startswith("Read 2 of at least 2 messages")
    assert covered(reading).endswith(f"Reading broke off half way, and other messages are missing: {error.text}")


@pytest.mark.parametrize("error", [Unreadable(), Unavailable()])
async def test_a_reading_that_fails_at_once_is_an_error(error: AssistantError) -> None:
    with pytest.raises(type(error)):
        await read([], error)


async def test_who_may_not_read_gets_nothing_of_what_was_read_before() -> None:
    with pytest.raises(NotAllowed):
        await read(TWO, NotAllowed())


async def test_progress_is_told_after_every_hundred_messages() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(2 * STEP + 50)]
    assert [reading.met for reading in await readings(many)] == [STEP, 2 * STEP, 2 * STEP + 50]


async def test_days_and_years_stand_where_they_differ() -> None:
    first, second = TWO[0], replace(TWO[1], time=TWO[1].time + timedelta(days=60))
    assert "Mon 16 Nov 09:07 2026 to Fri 15 Jan 09:14 2027 (UTC)" in covered(await read([first, second]))


async def test_times_are_the_persons_own() -> None:
    reading = await read(TWO)
    line = coverage(reading, reading.posts, English("Europe/Berlin"))
    assert "Mon 16 Nov 10:07 to 10:14 (Europe/Berlin)" in line


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "Europe", "utc"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone(name) is UTC


def in_thread(number: int, root: str, minutes: int) -> Post:
    return replace(a_post(number, "Anna", "Hm.", minutes=minutes), thread=root)


async def test_a_channel_is_told_thread_by_thread_each_oldest_first() -> None:
    posts = [in_thread(1, "b", 1), in_thread(2, "a", 0), in_thread(3, "b", 4), in_thread(4, "a", 9)]
    reading = await read(posts)
    assert [post.id for post in reading.posts] == ["m2", "m4", "m1", "m3"]
    assert "by 1 person in 2 threads, Mon 16 Nov 09:00 to 09:09 (UTC)" in covered(reading)


async def test_batches_that_come_newest_first_are_told_oldest_first() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(120)]
    assert [post.id for post in (await readings(many, size=7))[-1].posts] == [post.id for post in many]


async def test_only_the_last_reading_is_complete() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(STEP + 1)]
    assert [reading.complete for reading in await readings(many)] == [False, True]


async def broken(*batches: Sequence[Post | Omitted], error: AssistantError | None = None) -> str:
    """What is said of the thread m1 whose reading breaks off after these batches."""

    class Batches(FakeThreads):
        async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
            for batch in batches:
                yield batch
            raise error or Busy()

    ask = replace(an_ask(), place=Place(PlaceKind.CHANNEL, "conversation", thread="m1"))
    return covered([reading async for reading in gather(Batches(), ask, ask.place, Window())][-1])


MANY = thread(*[("Anna", "Hm.")] * 9)


@pytest.mark.parametrize("root", [0, 1, 2])
async def test_pages_that_come_newest_first_lack_the_older_ones_wherever_the_root_arrives(root: int) -> None:
    batches = [MANY[6:], MANY[3:6]]
    batches.insert(root, MANY[:1])
    assert "and older messages are missing: The language model has too much to do" in await broken(*batches)


async def test_what_was_left_out_at_the_beginning_of_a_page_does_not_hide_the_order() -> None:
    assert "and older messages" in await broken((Omitted("own"), *MANY[6:]), (Omitted("own"), *MANY[3:6]))


async def test_pages_that_come_oldest_first_lack_the_newer_ones() -> None:
    assert "and newer messages are missing:" in await broken(MANY[:3], MANY[3:6])


async def test_after_the_root_and_one_page_nothing_tells_which_are_missing() -> None:
    assert "and other messages are missing:" in await broken(MANY[:1], MANY[6:])


async def test_a_break_says_what_helps_and_not_that_nothing_was_left_out() -> None:
    line = await broken(MANY[6:], MANY[3:6], error=Unreadable("Ask for a shorter time."))
    assert line == (
        "Read 6 of at least 6 messages by 1 person, Mon 16 Nov 09:28 to 10:03 (UTC). Reading broke off half way, and older "
        f"messages are missing: {Unreadable().text} Ask for a shorter time."
    )


async def test_a_break_still_says_what_was_left_out() -> None:
    assert "; left out: 1 deleted. Reading broke off" in await broken([Omitted("deleted"), *TWO])


async def test_cards_without_text_are_counted_in_words() -> None:
    reading = await read([*TWO, Omitted("card"), Omitted("card")])
    assert covered(reading).endswith("left out: 2 cards without text.")


async def test_a_large_batch_is_handed_on_step_by_step_its_newest_messages_first() -> None:
    posts = thread(*[("Anna", "One."), ("Ben", "Two.")] * STEP)
    found = await readings(posts, size=len(posts))
    assert [len(reading.posts) for reading in found] == [STEP, 2 * STEP, 2 * STEP]
    assert found[0].posts == posts[STEP:] and found[-1].posts == posts
