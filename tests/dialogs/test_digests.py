"""Digests: asked for once, told at set times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.digests import SPREAD, deliver, digest, renewed
from dialogs.errors import (
    AssistantError,
    Busy,
    Missing,
    NeedsSignIn,
    NoRole,
    NotAdded,
    NotMember,
    NotReached,
    NotUnderstood,
    Unavailable,
    Unreadable,
)
from dialogs.ports import Member
from dialogs.talk import Answer, Ask, Digest, Errand, Event, Place, Scope, Visit, Window, grow
from tests.dialogs.desk import (
    NOW,
    START,
    FakeMembers,
    FakeMemory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_post,
    an_ask,
    parts,
    shown,
)
from tests.dialogs.regular import (
    ALONE,
    CHANNEL,
    CHAT,
    DAILY,
    LINK,
    MONDAYS,
    NINE,
    POSTS,
    SAYS,
    THREAD,
    WEEKLY,
    asked,
    began,
    desk,
)

TOLD = NOW - timedelta(minutes=1)
"""Up to when a digest of now knows everything, whatever Graph may not show yet."""
TOMORROW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def due(place: Place = CHANNEL) -> Ask:
    return Ask("digest:1", an_ask().person, ALONE, place.home, event=Event.DIGEST, about=place)


def in_time(*errands: Errand, day: datetime = TOMORROW) -> bool:
    """Whether there is one errand, due at nine or a little later."""
    return [errand.event for errand in errands if errand.due and day <= errand.due <= day + SPREAD] == [Event.DIGEST]


@pytest.mark.parametrize(("place", "whole"), [(THREAD, CHANNEL), (CHAT, CHAT)])
async def test_a_digest_is_of_the_whole_channel_or_chat_and_told_one_to_one(place: Place, whole: Place) -> None:
    answer = await began("daily 9:00", place)
    assert answer.digests == (Digest(whole, NINE, "a:alone", NOW),)
    [errand] = answer.errands
    assert replace(errand, due=None) == Errand(Event.DIGEST, ALONE, whole.home, about=whole)
    assert in_time(errand)


async def first_of(person: str) -> Errand:
    ask = replace(asked("daily 9:00"), person=replace(an_ask().person, id=person))
    [errand] = (await shown(digest, ask, desk(members=FakeMembers([Member(person)])))).errands
    return errand


async def test_digests_wished_for_at_the_same_time_come_one_after_another() -> None:
    errands = [await first_of(f"person {number}") for number in range(200)]
    times = [errand.due for errand in errands if errand.due]
    assert all(map(in_time, errands)) and len(set(times)) > 100
    assert min(times) < TOMORROW + timedelta(minutes=1) and max(times) > TOMORROW + timedelta(minutes=4)


async def test_a_digest_comes_at_the_same_time_every_day() -> None:
    assert await first_of("Anna") == await first_of("Anna") != await first_of("Ben")


async def test_a_digest_at_another_time_leaves_nothing_out() -> None:
    answer = await shown(digest, asked("daily 9:00"), desk(replace(DAILY, schedule=MONDAYS)))
    assert answer.digests == (DAILY,)


async def test_it_says_what_comes_when_and_where_and_how_to_end_it() -> None:
    assert (await began("daily 9:00")).text == (
        "I'll tell you every day at 09:00 (UTC) what happened here: in our own chat, where only you see it. The first "
        "digest comes Sun 22 Nov 09:00. **digest off** ends it."
    )


async def test_who_does_not_belong_here_gets_no_digest() -> None:
    with pytest.raises(NotMember):
        await parts(digest, asked("daily 9:00"), desk(members=FakeMembers([Member("another")])))


async def test_without_knowing_who_belongs_here_there_is_no_digest() -> None:
    with pytest.raises(NotMember):
        await parts(digest, asked("daily 9:00"), desk(members=FakeMembers(None)))


async def test_who_cannot_be_written_to_is_told_how() -> None:
    with pytest.raises(NotReached):
        await parts(digest, asked("daily 9:00"), desk(members=FakeMembers(chat="")))


async def test_a_schedule_that_is_not_understood_begins_nothing() -> None:
    with pytest.raises(NotUnderstood):
        await parts(digest, asked("when it rains"), desk())


@pytest.mark.parametrize("text", ["off", "Off.", "aus", "Arrêter", "apagar", "stop"])
async def test_a_digest_is_ended_where_it_was_asked_for(text: str) -> None:
    answer = await shown(digest, asked(text), desk(DAILY, WEEKLY))
    assert answer.digests == (Digest(CHANNEL),)
    assert answer.text == "I no longer send you a digest of this conversation."
    assert answer.errands == ()


async def test_ending_a_digest_that_there_is_not_says_so() -> None:
    answer = await shown(digest, asked("off"), desk(WEEKLY))
    assert (answer.text, answer.digests) == ("You have no digest that I could end here.", ())


async def test_in_ones_own_chat_all_digests_are_ended() -> None:
    answer = await shown(digest, asked("off", ALONE), desk(DAILY, WEEKLY))
    assert answer.digests == (Digest(CHANNEL), Digest(CHAT))
    assert answer.text == "I no longer send you any digests."


async def test_ones_own_chat_lists_all_digests_with_links() -> None:
    answer = await shown(digest, asked("", ALONE), desk(DAILY, WEEKLY))
    assert f"\n1. [a channel]({LINK}): every day at 09:00 (UTC)\n2. [a group chat](" in answer.text
    assert "every Monday at 09:30 (Madrid)" in answer.text
    assert {cite.link for cite in answer.cites} == {
        LINK,
        "https://teams.microsoft.com/l/chat/19%3Achat/conversations",
    }


async def test_among_others_only_the_digest_of_that_place_is_listed() -> None:
    answer = await shown(digest, asked(""), desk(DAILY, WEEKLY))
    assert "this channel" in answer.text and "this chat" not in answer.text


@pytest.mark.parametrize(
    ("place", "line"),
    [(CHAT, "I send you no digest of this conversation yet."), (ALONE, "I send you no digest yet.")],
)
async def test_without_a_digest_it_says_how_to_get_one(place: Place, line: str) -> None:
    answer = await shown(digest, asked("", place), desk())
    assert answer.text.startswith(line)
    assert "**digest weekly Monday 9:00**" in answer.text


async def test_in_ones_own_chat_a_digest_cannot_begin() -> None:
    answer = await shown(digest, asked("daily 9:00", ALONE), desk())
    assert "please ask me for it there" in answer.text
    assert (answer.digests, answer.errands) == ((), ())


async def test_a_digest_tells_what_was_written_since_the_last_one() -> None:
    threads = FakeThreads(POSTS)
    answer = await shown(deliver, due(), desk(DAILY, threads=threads))
    assert (threads.places, threads.windows) == ([CHANNEL], [Window(START, NOW)])
    assert "The launch moves to 3 March." in answer.text


async def test_a_digest_says_which_it_is_and_leads_there() -> None:
    answer = await shown(deliver, due(), desk(DAILY))
    assert answer.text.startswith(
        f"**Your digest of [a channel]({LINK}), every day at 09:00 (UTC)**\n\nSince Mon 16 Nov 09:00\n\n**Mentions"
    )
    assert LINK in {cite.link for cite in answer.cites}


async def test_a_place_whose_name_is_known_is_called_by_it() -> None:
    named = replace(DAILY, place=replace(CHANNEL, name="#launch"))
    assert (await shown(deliver, due(), desk(named))).text.startswith(f"**Your digest of [\\#launch]({LINK})")


async def test_a_digest_plans_the_next_one_from_where_it_ended() -> None:
    answer = await shown(deliver, due(), desk(DAILY))
    assert answer.digests == (replace(DAILY, since=TOLD),)
    [errand] = answer.errands
    assert replace(errand, due=None) == Errand(Event.DIGEST, ALONE, "19:c", about=CHANNEL)
    assert in_time(errand)


async def test_a_digest_of_what_was_read_half_begins_at_the_same_time_once_more() -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=FakeThreads(POSTS, Unavailable())))
    assert "Reading broke off" in answer.text
    assert (answer.digests, answer.visit) == ((DAILY,), None)
    assert in_time(*answer.errands)


async def test_a_digest_that_began_after_the_last_visit_is_none_itself() -> None:
    memory = FakeMemory({"19:c": START - timedelta(days=3)}, told=(DAILY,))
    answer = await shown(deliver, due(), a_desk(ScriptedModel(SAYS), FakeThreads(POSTS), memory=memory))
    assert (answer.digests, answer.visit) == ((replace(DAILY, since=TOLD),), None)


async def test_a_digest_is_a_visit_and_can_be_asked_about() -> None:
    answer = await shown(deliver, due(), desk(DAILY))
    assert answer.visit == Visit("19:c", TOLD)
    assert answer.scope == Scope(CHANNEL, Window(START, NOW))


async def test_a_digest_that_comes_a_moment_early_does_not_plan_itself_again() -> None:
    early = TOMORROW - timedelta(minutes=1)
    answer = await shown(deliver, due(), desk(DAILY, now=early))
    assert in_time(*answer.errands, day=TOMORROW + timedelta(days=1))


async def test_after_a_long_silence_a_digest_goes_back_14_days() -> None:
    threads = FakeThreads(POSTS)
    await shown(deliver, due(), desk(replace(DAILY, since=NOW - timedelta(days=90)), threads=threads))
    assert threads.windows == [Window(NOW - timedelta(days=14), NOW)]


async def test_a_digest_that_leaves_out_what_is_too_long_ago_says_so() -> None:
    answer = await shown(deliver, due(), desk(replace(DAILY, since=NOW - timedelta(days=90))))
    assert "\n\nThe last 14 days: what I told you last, Sun 23 Aug 10:00, is longer ago\n\n" in answer.text


@pytest.mark.parametrize("told", [(), (WEEKLY,), (Digest(CHANNEL),)])
async def test_a_digest_that_is_no_longer_wanted_says_nothing(told: tuple[Digest, ...]) -> None:
    assert await parts(deliver, due(), desk(*told)) == []


@pytest.mark.parametrize(
    ("threads", "line"),
    [
        (FakeThreads(), "Nothing new since Mon 16 Nov 09:00: you have missed nothing."),
        (FakeThreads([a_post(1, "Build bot", "Failed.", bot=True)]), "only apps and bots wrote."),
    ],
)
async def test_a_digest_of_nothing_new_is_one_short_line(threads: FakeThreads, line: str) -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=threads))
    assert answer.text.endswith(line)
    assert LINK in answer.text and "Key points" not in answer.text
    assert (answer.visit, answer.digests) == (Visit("19:c", TOLD), (replace(DAILY, since=TOLD),))
    assert len(answer.errands) == 1


async def test_who_no_longer_belongs_there_is_told_once_and_the_digest_ends() -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=FakeThreads((), NotMember())))
    assert "its digest ends here" in answer.text and LINK in answer.text
    assert (answer.digests, answer.errands, answer.visit) == ((Digest(CHANNEL),), (), None)


@pytest.mark.parametrize("error", [NotAdded(), Missing("I am not in this team, or its channel is gone.")])
async def test_where_nobody_can_read_any_more_it_is_told_once_and_the_digest_ends(error: AssistantError) -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=FakeThreads((), error)))
    assert (
        LINK in answer.text
        and error.text in answer.text
        and error.detail in answer.text
        and "This digest ends here" in answer.text
    )
    assert (answer.digests, answer.errands, answer.visit) == ((Digest(CHANNEL),), (), None)


async def test_a_digest_that_cannot_be_made_says_why_and_still_comes_the_next_time() -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=FakeThreads((), Unreadable())))
    assert answer.text.startswith(
        f"**Your digest of [a channel]({LINK}), every day at 09:00 (UTC)**\n\nI could not read"
    )
    assert "The next digest comes as planned; **digest off** in this chat ends all of them." in answer.text
    assert (answer.digests, answer.visit) == ((DAILY,), None)
    assert in_time(*answer.errands)


@pytest.mark.parametrize("error", [Busy(), Unavailable()])
async def test_a_passing_trouble_is_tried_again_with_the_next_digest_planned(error: AssistantError) -> None:
    answer = Answer()
    with pytest.raises(type(error)):
        async for part in deliver(due(), desk(DAILY, threads=FakeThreads((), error))):
            answer = grow(answer, part)
    assert answer.digests == (DAILY,)
    assert in_time(*answer.errands)


async def test_a_digest_whose_telling_did_not_begin_is_kept_as_it_was_with_its_next_errand() -> None:
    answer = await shown(renewed, due(), desk(DAILY))
    assert answer.digests == (DAILY,)
    assert in_time(*answer.errands)


async def test_where_it_ends_instead_it_is_said_which_it_was_and_how_it_begins_again() -> None:
    answer = await shown(renewed, due(), desk(DAILY))
    assert answer.text == (
        f"So your digest of [a channel]({LINK}) ends here. Once that is put right, write **digest daily 9:00** there to "
        "begin it again."
    )
    assert LINK in {cite.link for cite in answer.cites}


@pytest.mark.parametrize("error", [NeedsSignIn(), NoRole()])
async def test_who_may_not_ask_any_more_is_promised_no_next_digest(error: AssistantError) -> None:
    answer = Answer()
    with pytest.raises(type(error)):
        async for part in deliver(due(), desk(DAILY, threads=FakeThreads((), error))):
            answer = grow(answer, part)
    assert (answer.digests, answer.errands) == ((), ())


async def test_a_digest_that_was_called_off_is_not_kept() -> None:
    assert await parts(renewed, due(), desk(WEEKLY)) == []
