"""What happened since a person's last visit."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.catchup import LONGEST, catch_up
from dialogs.errors import NothingThere, NotMember, NotUnderstood, Unavailable
from dialogs.ports import Wish
from dialogs.talk import Answer, Ask, Place, PlaceKind, Post, Scope, Visit, Window
from tests.dialogs.desk import (
    NOW,
    START,
    FakeCalendar,
    FakeMemory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_point,
    a_post,
    a_summary,
    an_ask,
    shown,
    thread,
)

CHANNEL = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
WHOLE = replace(CHANNEL, thread=None)
CHAT = Place(PlaceKind.GROUP, "19:chat")
POSTS = thread(("Anna Weber", "We move the launch to 3 March."), ("Ben Okafor", "I tell the press."))
SAYS = a_summary(key_points=[a_point("The launch moves to 3 March.", "m1")])
MONDAY = START
SEEN = Visit("19:c", NOW - timedelta(minutes=1))
"""A visit of now, but for what Graph may not show yet."""


def asked(text: str = "", place: Place = CHANNEL) -> Ask:
    return replace(an_ask(text), place=place)


def visited(at: datetime, place: Place = CHANNEL) -> FakeMemory:
    return FakeMemory({place.home: at})


async def caught_up(
    ask: Ask,
    memory: FakeMemory | None = None,
    threads: FakeThreads | None = None,
    calendar: FakeCalendar | None = None,
) -> tuple[Answer, FakeThreads]:
    threads = threads or FakeThreads(POSTS)
    desk = a_desk(ScriptedModel(SAYS), threads, memory=memory, calendar=calendar)
    return await shown(catch_up, ask, desk), threads


async def test_it_tells_what_was_written_since_the_last_visit_and_says_since_when() -> None:
    answer, threads = await caught_up(asked(), visited(MONDAY))
    assert threads.windows == [Window(MONDAY, NOW)]
    assert "Since your last visit, Mon 16 Nov 09:00" in answer.text
    assert "The launch moves to 3 March." in answer.text


async def test_who_was_never_here_is_told_of_the_last_24_hours_and_that_it_is_so() -> None:
    answer, threads = await caught_up(asked())
    assert threads.windows == [Window(NOW - timedelta(hours=24), NOW)]
    assert "The last 24 hours" in answer.text


async def test_a_visit_long_ago_is_caught_up_for_14_days_and_that_is_said() -> None:
    answer, threads = await caught_up(asked(), visited(NOW - timedelta(days=40)))
    assert threads.windows == [Window(NOW - LONGEST, NOW)]
    assert "The last 14 days: your last visit, Mon 12 Oct 10:00, is longer ago" in answer.text


async def test_a_visit_of_another_channel_is_none_here() -> None:
    _, threads = await caught_up(asked(), visited(MONDAY, CHAT))
    assert threads.windows == [Window(NOW - timedelta(hours=24), NOW)]


@pytest.mark.parametrize(("place", "whole"), [(CHANNEL, WHOLE), (CHAT, CHAT)])
async def test_it_is_about_the_whole_channel_or_chat_also_in_a_reply(place: Place, whole: Place) -> None:
    _, threads = await caught_up(asked(place=place))
    assert threads.places == [whole]


async def test_afterwards_the_person_has_been_here() -> None:
    answer, _ = await caught_up(asked(), visited(MONDAY))
    assert answer.visit == SEEN


async def test_what_follows_may_read_the_same_again() -> None:
    answer, _ = await caught_up(asked(), visited(MONDAY))
    assert answer.scope == Scope(WHOLE, Window(MONDAY, NOW))


@pytest.mark.parametrize("items", [(), (replace(POSTS[0], id="ask"),)])
async def test_without_anything_new_it_says_so_kindly_and_it_counts_as_a_visit(items: tuple[Post, ...]) -> None:
    answer, _ = await caught_up(asked(), visited(MONDAY), FakeThreads(items))
    assert answer.text == "Nothing new since Mon 16 Nov 09:00: you have missed nothing."
    assert answer.visit == SEEN


async def test_where_only_bots_wrote_it_says_that() -> None:
    answer, _ = await caught_up(asked(), visited(MONDAY), FakeThreads([a_post(1, "Build bot", "Failed.", bot=True)]))
    assert answer.text == "Nothing new from people: only apps and bots wrote."
    assert answer.visit


async def test_the_person_may_name_another_window() -> None:
    window = Window(MONDAY + timedelta(days=2), None)
    calendar = FakeCalendar({"since wednesday": Wish(window)})
    answer, threads = await caught_up(asked("since Wednesday"), visited(MONDAY), calendar=calendar)
    assert threads.windows == [window]
    assert "your last visit" not in answer.text


@pytest.mark.parametrize(
    ("memory", "window"),
    [
        (visited(MONDAY), Window(MONDAY)),
        (visited(MONDAY), Window(MONDAY - timedelta(days=2), NOW)),
        (visited(MONDAY), Window()),
        (None, Window(NOW - timedelta(hours=3))),
        (visited(NOW - timedelta(days=40)), Window(NOW - timedelta(days=20))),
    ],
)
async def test_a_window_that_follows_on_the_last_visit_is_one(memory: FakeMemory | None, window: Window) -> None:
    answer, _ = await caught_up(asked("so"), memory, calendar=FakeCalendar({"so": Wish(window)}))
    assert answer.visit == SEEN


@pytest.mark.parametrize(
    "window",
    [
        Window(MONDAY, MONDAY + timedelta(days=1)),
        Window(last=50),
        Window(MONDAY + timedelta(seconds=1)),
        Window(NOW - timedelta(hours=10)),
    ],
)
async def test_a_window_that_leaves_out_something_new_is_no_visit(window: Window) -> None:
    answer, _ = await caught_up(asked("so"), visited(MONDAY), calendar=FakeCalendar({"so": Wish(window)}))
    assert answer.visit is None


async def test_nothing_in_a_window_of_ones_own_is_said_as_for_a_summary() -> None:
    calendar = FakeCalendar({"today": Wish(Window(NOW - timedelta(hours=10)))})
    with pytest.raises(NothingThere):
        await caught_up(asked("today"), threads=FakeThreads(), calendar=calendar)


async def test_the_person_may_name_another_language() -> None:
    model = ScriptedModel(SAYS)
    calendar = FakeCalendar({"in german": Wish(language="de")})
    await shown(catch_up, asked("in German"), a_desk(model, POSTS, calendar=calendar))
    assert {prompt.language for prompt in model.prompts} == {"de"}


async def test_what_is_not_understood_is_asked_back_and_reads_nothing() -> None:
    threads = FakeThreads(POSTS)
    with pytest.raises(NotUnderstood):
        await caught_up(asked("since the flood"), threads=threads)
    assert threads.windows == []


async def test_what_was_read_half_is_told_and_no_visit() -> None:
    answer, _ = await caught_up(asked(), visited(MONDAY), FakeThreads(POSTS, Unavailable()))
    assert "The launch moves to 3 March." in answer.text and "Reading broke off" in answer.text
    assert answer.visit is None


async def test_where_a_message_is_too_long_for_the_model_it_is_no_visit() -> None:
    posts = [POSTS[0], a_post(2, "Ben", "x" * 120_000)]
    model = ScriptedModel(SAYS, window=20_000)
    answer = await shown(catch_up, asked(), a_desk(model, posts, memory=visited(MONDAY)))
    assert "could not be summed up" in answer.text
    assert answer.visit is None


async def test_a_failure_after_nothing_but_bots_is_not_told_as_nothing_new() -> None:
    threads = FakeThreads([a_post(1, "Build bot", "Failed.", bot=True)], Unavailable())
    with pytest.raises(Unavailable):
        await caught_up(asked(), visited(MONDAY), threads)


@pytest.mark.parametrize("error", [NotMember(), Unavailable()])
async def test_what_cannot_be_read_is_no_visit(error: NotMember | Unavailable) -> None:
    with pytest.raises(type(error)):
        await caught_up(asked(), threads=FakeThreads((), error))


async def test_a_clock_that_runs_behind_the_last_visit_breaks_nothing() -> None:
    _, threads = await caught_up(asked(), visited(NOW + timedelta(minutes=3)))
    assert threads.windows == [Window(NOW, NOW)]


async def test_in_a_personal_chat_it_says_where_to_ask() -> None:
    answer, threads = await caught_up(an_ask("", PlaceKind.PERSONAL))
    assert "Name a channel or chat of yours: **catch me up on #incidents in Engineering**." in answer.text
    assert (threads.windows, answer.visit) == ([], None)
