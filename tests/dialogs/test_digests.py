"""Digests: asked for once, told at set times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.digests import deliver, digest
from dialogs.errors import AssistantError, Busy, NotMember, NotReached, NotUnderstood, Unavailable, Unreadable
from dialogs.ports import Desk, Member
from dialogs.talk import Answer, Ask, Digest, Errand, Event, Place, PlaceKind, Schedule, Scope, Visit, Window, grow
from tests.dialogs.desk import (
    NOW,
    START,
    FakeMembers,
    FakeMemory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_point,
    a_post,
    a_summary,
    an_ask,
    parts,
    shown,
    thread,
)

THREAD = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
CHANNEL = replace(THREAD, thread=None)
CHAT = Place(PlaceKind.GROUP, "19:chat")
ALONE = Place(PlaceKind.PERSONAL, "a:alone")
NINE = Schedule(9, 0, "UTC")
MONDAYS = Schedule(9, 30, "Europe/Madrid", 0)
DAILY = Digest(CHANNEL, NINE, "a:alone", START)
WEEKLY = Digest(CHAT, MONDAYS, "a:alone", START)
TOMORROW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
POSTS = thread(("Anna Weber", "We move the launch to 3 March."))
SAYS = a_summary(key_points=[a_point("The launch moves to 3 March.", "m1")])
LINK = "https://teams.microsoft.com/l/channel/19%3Ac/channel?groupId=team&tenantId=tenant"


def asked(text: str, place: Place = THREAD) -> Ask:
    return replace(an_ask(text), place=place)


def due(place: Place = CHANNEL) -> Ask:
    return Ask("digest:1", an_ask().person, ALONE, place.home, event=Event.DIGEST, about=place)


def desk(
    *told: Digest, threads: FakeThreads | None = None, members: FakeMembers | None = None, now: datetime = NOW
) -> Desk:
    memory = FakeMemory(told=told)
    return a_desk(ScriptedModel(SAYS), threads or FakeThreads(POSTS), memory=memory, members=members, now=now)


async def began(text: str, place: Place = THREAD) -> Answer:
    return await shown(digest, asked(text, place), desk())


@pytest.mark.parametrize(("place", "whole"), [(THREAD, CHANNEL), (CHAT, CHAT)])
async def test_a_digest_is_of_the_whole_channel_or_chat_and_told_one_to_one(place: Place, whole: Place) -> None:
    answer = await began("daily 9:00", place)
    assert answer.digests == (Digest(whole, NINE, "a:alone", NOW),)
    assert answer.errands == (Errand(Event.DIGEST, ALONE, whole.home, about=whole, due=TOMORROW),)


async def test_a_digest_at_another_time_leaves_nothing_out() -> None:
    answer = await shown(digest, asked("daily 9:00"), desk(replace(DAILY, schedule=MONDAYS)))
    assert answer.digests == (DAILY,)


async def test_it_says_what_comes_when_and_where_and_how_to_end_it() -> None:
    assert (await began("daily 9:00")).text == (
        "I'll tell you every day at 9:00 (UTC) what happened here: in our own chat, where only you see it. The first "
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
    assert f"\n- [this channel]({LINK}): every day at 9:00 (UTC)\n- [this chat](" in answer.text
    assert "every Monday at 9:30 (Madrid)" in answer.text
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
    assert answer.text.startswith(f"**Your digest of [this channel]({LINK}), every day at 9:00 (UTC)**")
    assert LINK in {cite.link for cite in answer.cites}


async def test_a_digest_plans_the_next_one_from_where_it_ended() -> None:
    answer = await shown(deliver, due(), desk(DAILY))
    assert answer.digests == (replace(DAILY, since=NOW),)
    assert answer.errands == (Errand(Event.DIGEST, ALONE, "19:c", about=CHANNEL, due=TOMORROW),)


async def test_a_digest_is_a_visit_and_can_be_asked_about() -> None:
    answer = await shown(deliver, due(), desk(DAILY))
    assert answer.visit == Visit("19:c", NOW)
    assert answer.scope == Scope(CHANNEL, Window(START, NOW))


async def test_a_digest_that_comes_a_moment_early_does_not_plan_itself_again() -> None:
    early = TOMORROW - timedelta(minutes=1)
    answer = await shown(deliver, due(), desk(DAILY, now=early))
    assert [errand.due for errand in answer.errands] == [TOMORROW + timedelta(days=1)]


async def test_after_a_long_silence_a_digest_goes_back_14_days() -> None:
    threads = FakeThreads(POSTS)
    await shown(deliver, due(), desk(replace(DAILY, since=NOW - timedelta(days=90)), threads=threads))
    assert threads.windows == [Window(NOW - timedelta(days=14), NOW)]


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
    assert (answer.visit, answer.digests) == (Visit("19:c", NOW), (replace(DAILY, since=NOW),))
    assert len(answer.errands) == 1


async def test_who_no_longer_belongs_there_is_told_once_and_the_digest_ends() -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=FakeThreads((), NotMember())))
    assert "its digest ends here" in answer.text
    assert (answer.digests, answer.errands, answer.visit) == ((Digest(CHANNEL),), (), None)


async def test_a_digest_that_cannot_be_made_says_why_and_still_comes_the_next_time() -> None:
    answer = await shown(deliver, due(), desk(DAILY, threads=FakeThreads((), Unreadable())))
    assert answer.text.startswith(
        f"**Your digest of [this channel]({LINK}), every day at 9:00 (UTC)**\n\nI could not read"
    )
    assert "The next digest comes as planned; **digest off** in this chat ends all of them." in answer.text
    assert (answer.digests, answer.visit) == ((DAILY,), None)
    assert [errand.due for errand in answer.errands] == [TOMORROW]


@pytest.mark.parametrize("error", [Busy(), Unavailable()])
async def test_a_passing_trouble_is_tried_again_with_the_next_digest_planned(error: AssistantError) -> None:
    answer = Answer()
    with pytest.raises(type(error)):
        async for part in deliver(due(), desk(DAILY, threads=FakeThreads((), error))):
            answer = grow(answer, part)
    assert (answer.digests, [errand.due for errand in answer.errands]) == ((DAILY,), [TOMORROW])
