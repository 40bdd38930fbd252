"""A turn whose person must sign in first: it waits, out of the way of others, and tells them when it has waited too long."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import Action, Outcome
from bot.limits import SIGN_IN_WAIT
from bot.store.rows import Claim, Record
from bot.turn import Turn, Ways
from dialogs.errors import (
    AssistantError,
    Gone,
    NeedsSignIn,
    NoGuests,
    NoRole,
    NotAllowed,
    NotReached,
    Offered,
    SignInExpired,
    StillMissing,
    Stranger,
    Unavailable,
)
from dialogs.rules import ATTEMPTS
from dialogs.talk import (
    Ask,
    Digest,
    Errand,
    Event,
    Message,
    OfferSignIn,
    Part,
    Place,
    PlaceKind,
    Say,
    Schedule,
    Scope,
    Usage,
    Window,
)
from tests.bot.turns import ASK, CLAIM, HELD, HELLO, NOW, PLACE, Phases, Step, Voice, claim, offered, ways

HOME = Place(PlaceKind.PERSONAL, "a:1")
ENDS = "It ends here."
ON = Digest(PLACE, Schedule(9, 0, "UTC"), "a:1", NOW)
NEXT = Errand(Event.DIGEST, HOME, "key", PLACE, NOW + timedelta(days=1))
TELLING = Ask("digest 1", ASK.person, HOME, "key", event=Event.DIGEST, about=PLACE)
POSTING = Ask("post 1", ASK.person, PLACE, "key", event=Event.POST)


async def stands(claim: Claim, asked: Ask) -> bool:
    """A card stands in the conversation already."""
    return False


async def kept(claim: Claim, asked: Ask) -> AsyncIterator[Part]:
    """The digest as it was, and the words of its end."""
    yield Say(ENDS)
    yield ON
    yield NEXT


async def lost(claim: Claim, asked: Ask) -> AsyncIterator[Part]:
    """Breaks where it should keep the digest."""
    raise ValueError
    yield


async def unsigned(voice: Voice, mine: Claim = CLAIM, **changes: object) -> Phases:
    """A turn whose person has not signed in."""
    phases = Phases()
    way = replace(ways(voice, [Usage("m", 5, 0), NeedsSignIn()]), **changes)  # type: ignore[arg-type]
    await Turn(phases, way, mine).run()
    return phases


async def test_who_has_not_signed_in_is_told_so_in_place_and_shown_how() -> None:
    voice = Voice()
    await unsigned(voice)
    assert (voice.chat, voice.offers) == ([HELD], 1)


async def test_the_ask_waits_a_quarter_of_an_hour_with_its_place_kept() -> None:
    phases = await unsigned(Voice())
    assert (phases.steps, phases.again) == (["placed m1", "parked"], NOW + SIGN_IN_WAIT)


async def test_where_a_card_stands_no_second_one_is_shown() -> None:
    voice = Voice()
    phases = await unsigned(voice, offered=stands)
    assert (voice.offers, phases.steps[-1]) == (0, "parked")


async def test_what_the_attempt_took_is_kept() -> None:
    phases = await unsigned(Voice())
    assert phases.record is not None and phases.record.usage == (Usage("m", 5, 0),)


async def test_the_lane_goes_on_with_what_is_behind_it() -> None:
    behind = claim(activity="2")
    phases = Phases(next=behind)
    assert await Turn(phases, ways(Voice(), [NeedsSignIn()]), CLAIM).run() == behind


async def test_a_later_life_writes_the_answer_over_the_waiting_words() -> None:
    phases, voice = Phases(), Voice(chat=[HELD])
    await Turn(phases, ways(voice, HELLO), claim(parked=True, placeholder="m1")).run()
    assert voice.chat == ["Hello Anna."] and phases.record is not None and phases.record.outcome is Outcome.OK


async def test_who_did_not_sign_in_in_time_is_told_in_place_and_shown_no_other_card() -> None:
    voice = Voice(chat=[HELD])
    phases = await unsigned(voice, claim(parked=True, placeholder="m1"))
    assert (voice.chat, voice.offers, phases.steps) == ([SignInExpired().words], 0, ["answered", "finished"])


async def test_an_ask_that_waited_in_vain_is_recorded_as_refused() -> None:
    phases = await unsigned(Voice(chat=[HELD]), claim(parked=True, placeholder="m1"))
    assert phases.record is not None and phases.record.audit is not None
    assert (phases.record.audit.outcome, phases.record.history) == (Outcome.REFUSED, ())


async def test_who_did_sign_in_and_still_may_not_is_told_so_once_in_place_and_shown_no_other_card() -> None:
    voice = Voice(chat=[HELD])
    phases = await unsigned(voice, claim(parked=True, woken=True, placeholder="m1"))
    assert (voice.chat, voice.offers, phases.steps) == ([StillMissing().words], 0, ["answered", "finished"])
    assert phases.record is not None and phases.record.outcome is Outcome.REFUSED


@pytest.mark.parametrize(("offers", "said", "cards"), [(offered, "Here:", 1), (stands, Offered().words, 0)])
async def test_asked_for_a_card_it_shows_one_where_none_stands(offers: object, said: str, cards: int) -> None:
    phases, voice = Phases(), Voice()
    way = replace(ways(voice, [Say("Here:"), OfferSignIn()]), offered=offers)  # type: ignore[arg-type]
    await Turn(phases, way, CLAIM).run()
    assert (voice.chat, voice.offers) == ([said], cards)
    assert phases.record is not None and phases.record.outcome is Outcome.OK


@pytest.mark.parametrize("step", ["hold", "offer"])
async def test_a_card_that_cannot_be_shown_just_now_is_tried_again(step: str) -> None:
    phases = await unsigned(Voice(refuse={step: Unavailable()}))
    assert phases.steps == ["placed m1", "postponed"]


async def test_a_card_that_cannot_be_shown_at_all_does_not_leave_its_ask_waiting() -> None:
    voice = Voice(refuse={"offer": NotReached()})
    phases = await unsigned(voice)
    assert phases.steps == ["placed m1", "finished"] and voice.chat == [NotReached().words]
    assert phases.record is not None and phases.record.outcome is Outcome.ERROR


async def test_stop_on_the_waiting_words_ends_the_ask() -> None:
    voice = Voice(stop_when_held=True)
    phases = await unsigned(voice)
    assert (voice.offers, phases.steps[-1]) == (0, "finished")
    assert phases.record is not None and phases.record.outcome is Outcome.STOPPED


# errands


async def renewing(asked: Ask, *steps: Step, mine: Claim = CLAIM, **more: object) -> tuple[Record, Voice]:
    """A turn of an errand, and what it showed."""
    phases, voice = Phases(), Voice()
    way: Ways = replace(ways(voice, steps, asked=asked, action=Action.DIGEST), **{"renew": kept, **more})  # type: ignore[arg-type]
    await Turn(phases, way, mine).run()
    assert phases.record is not None
    return phases.record, voice


async def test_a_post_does_not_wait_but_says_why_and_shows_the_card() -> None:
    record, voice = await renewing(POSTING, NeedsSignIn())
    assert (voice.chat[-1:], voice.offers) == ([NeedsSignIn().words], 1) and record.outcome is Outcome.REFUSED


@pytest.mark.parametrize("error", [NeedsSignIn(), NoRole(), NoGuests(), Stranger(), NotAllowed()])
async def test_who_may_not_have_a_digest_any_more_is_told_once_and_it_ends(error: AssistantError) -> None:
    record, voice = await renewing(TELLING, error)
    assert voice.chat == [f"{error.words}\n\n{ENDS}"] and voice.offers == isinstance(error, NeedsSignIn)
    assert (record.renews, record.digests, record.errands) == (True, (replace(ON, schedule=None),), ())


async def test_a_digest_that_could_not_even_begin_still_comes_the_next_time() -> None:
    record, voice = await renewing(TELLING, ValueError())
    assert (record.renews, record.digests, [each.home for each in record.errands]) == (True, (ON,), [PLACE.home])
    assert ENDS not in voice.chat[-1]


async def test_a_digest_that_ended_its_process_too_often_still_comes_the_next_time() -> None:
    record, voice = await renewing(TELLING, *HELLO, mine=claim(attempts=ATTEMPTS))
    assert (record.digests, len(record.errands), voice.chat) == ((ON,), 1, [AssistantError().words])


async def test_a_digest_whose_chat_could_not_be_reached_at_all_still_comes_the_next_time() -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    record, _ = await renewing(TELLING, mine=claim(attempts=ATTEMPTS - 1), speak=away)
    assert (record.digests, len(record.errands)) == ((ON,), 1)


async def test_a_digest_whose_chat_is_gone_ends() -> None:
    async def gone(*_: object) -> None:
        raise Gone

    record, _ = await renewing(TELLING, speak=gone)
    assert (record.digests, record.errands) == ((replace(ON, schedule=None),), ())


async def test_a_digest_that_cannot_be_kept_comes_to_its_end_all_the_same() -> None:
    faults: list[BaseException] = []
    record, _ = await renewing(TELLING, NoRole(), renew=lost, report=faults.append)
    assert (record.outcome, record.digests, bool(faults)) == (Outcome.REFUSED, (), True)


async def test_what_is_posted_is_known_to_the_questions_that_follow_it() -> None:
    scope = Scope(PLACE, Window(NOW))
    phases = Phases()
    await Turn(phases, ways(Voice(), [Say("All is well."), scope], asked=POSTING, action=Action.SHARE), CLAIM).run()
    assert phases.record is not None and phases.record.history == (Message("assistant", "All is well.", scope),)
