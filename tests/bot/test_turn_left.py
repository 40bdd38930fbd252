"""What a turn leaves behind besides its answer: scopes, visits, private answers, digests and errands."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.answers import pack
from bot.audit import Action, Outcome
from bot.store.rows import Claim, LeaseLost, Planned, Record
from bot.turn import Act, Turn
from dialogs.cards import Card
from dialogs.errors import (
    AssistantError,
    Blocked,
    Expired,
    Gone,
    NeedsSignIn,
    NotMember,
    Standing,
    Stopped,
    Unavailable,
    Widened,
)
from dialogs.rules import ATTEMPTS
from dialogs.shares import share_key
from dialogs.talk import (
    Answer,
    Ask,
    Checked,
    Digest,
    Errand,
    Event,
    Message,
    Part,
    Place,
    PlaceKind,
    Say,
    Schedule,
    Scope,
    Share,
    Shared,
    Visit,
    Window,
)
from tests.bot.turns import ASK, CLAIM, HELLO, NOW, PLACE, Phases, Step, Voice, claim, planned, ways

HOME = Place(PlaceKind.PERSONAL, "a:1")
ALONE = replace(ASK, place=HOME)
TOMORROW = NOW + timedelta(days=1)
ON = Digest(PLACE, Schedule(9, 0, "UTC"), "a:1", NOW)
NEXT = Errand(Event.DIGEST, HOME, "key", PLACE, TOMORROW)
TELLING = Ask("digest 1", ASK.person, HOME, "key", event=Event.DIGEST, about=PLACE)
POSTING = Ask("post 1", ASK.person, PLACE, "key", event=Event.POST)
SCOPE = Scope(PLACE, Window(NOW))


async def left(
    *steps: Step, asked: Ask = ASK, action: Action = Action.SUMMARY, voice: Voice | None = None, attempts: int = 0
) -> Record:
    """The record of a turn."""
    phases = Phases()
    mine = claim(attempts=attempts)
    await Turn(phases, ways(voice or Voice(), steps, asked=asked, action=action), mine).run()
    assert phases.record is not None
    return phases.record


async def test_the_answer_in_the_history_says_what_it_was_about() -> None:
    record = await left(Say("All is well."), SCOPE)
    assert record.history == (Message("user", ASK.text), Message("assistant", "All is well.", SCOPE))


@pytest.mark.parametrize("action", [Action.ANSWER, Action.SUMMARY, Action.CATCH_UP])
async def test_what_was_asked_and_answered_is_kept(action: Action) -> None:
    assert len((await left(Say("x"), action=action)).history) == 2


@pytest.mark.parametrize("action", [Action.HELP, Action.DIGEST, Action.SHARE, Action.STOP, Action.NEW_CHAT])
async def test_what_a_command_says_of_itself_is_not_kept(action: Action) -> None:
    assert (await left(Say("x"), action=action)).history == ()


async def test_of_a_digest_the_answer_is_kept_alone() -> None:
    record = await left(Say("All is well."), asked=TELLING, action=Action.DIGEST)
    assert record.history == (Message("assistant", "All is well."),)


PRIVATE: tuple[Part, ...] = (Say("For you."), SCOPE, Share(PLACE, ("anna", "bert")))


async def test_a_private_answer_is_kept_for_its_person_to_post() -> None:
    record = await left(*PRIVATE)
    assert (record.key, record.shared) == (
        share_key(ASK),
        Shared(Answer("For you.", scope=SCOPE), PLACE, ("anna", "bert")),
    )


@pytest.mark.parametrize(("asked", "steps"), [(ASK, PRIVATE), (replace(ASK, alone=True), PRIVATE[:2])])
async def test_a_private_answer_is_no_part_of_what_everybody_talks_about(asked: Ask, steps: tuple[Part, ...]) -> None:
    assert (await left(*steps, asked=asked)).history == ()


async def test_a_private_answer_in_the_persons_own_chat_is_remembered_there() -> None:
    assert len((await left(*PRIVATE, asked=replace(ALONE, alone=True))).history) == 2


async def test_a_visit_is_kept() -> None:
    assert (await left(Say("x"), Visit("19:c", NOW))).visit == Visit("19:c", NOW)


async def test_dropped_points_are_counted_in_the_audit() -> None:
    record = await left(Say("x"), Checked(2), Checked(3))
    assert record.audit is not None and record.audit.dropped == 5


async def test_points_dropped_before_an_error_are_counted_too() -> None:
    record = await left(Checked(2), Blocked())
    assert record.audit is not None and (record.audit.dropped, record.outcome) == (2, Outcome.BLOCKED)


async def test_errands_are_planned_as_asks() -> None:
    errand = Errand(Event.POST, PLACE, "key")
    assert (await left(Say("x"), errand)).errands == (Planned(planned(CLAIM, ASK, errand)),)


async def test_a_digest_is_kept_with_the_errand_that_tells_it() -> None:
    record = await left(Say("I will."), ON, NEXT, action=Action.DIGEST)
    assert (record.digests, record.renews) == ((ON,), False)
    assert record.errands == (Planned(planned(CLAIM, ASK, NEXT), PLACE.home),)


async def test_a_second_life_leaves_behind_what_the_first_one_answered() -> None:
    phases = Phases()
    saved = pack(Answer("Done.", visit=Visit("19:c", NOW), digests=(ON,), errands=(NEXT,)))
    await Turn(phases, ways(Voice(chat=["x"]), []), claim(placeholder="m0", answer=saved)).run()
    assert phases.record is not None and phases.record.visit == Visit("19:c", NOW)
    assert len(phases.record.errands) == len(phases.record.digests) == 1


async def test_an_answer_that_was_never_shown_leaves_nothing_behind() -> None:
    record = await left(Say("x"), Visit("19:c", NOW), ON, NEXT, *PRIVATE, voice=Voice(refuse={"close": Gone()}))
    assert (record.outcome, record.more) == (Outcome.GONE, False)


# digests


SECOND = Say("Monday\n\nAll is well.")


@pytest.mark.parametrize("asked", [TELLING, POSTING])
async def test_what_nobody_waits_for_is_begun_when_it_is_known_and_its_place_is_saved(asked: Ask) -> None:
    phases, voice = Phases(refuse={"placed m1": LeaseLost()}), Voice()
    with pytest.raises(LeaseLost):
        await Turn(phases, ways(voice, [SECOND], asked=asked), CLAIM).run()
    assert (phases.steps, voice.chat) == (["answered"], ["Monday"])


@pytest.mark.parametrize("asked", [TELLING, POSTING])
async def test_it_is_then_written_over_its_first_line(asked: Ask) -> None:
    phases, voice = Phases(), Voice()
    await Turn(phases, ways(voice, [SECOND], asked=asked), CLAIM).run()
    assert phases.steps == ["answered", "placed m1", "finished"]
    assert (voice.chat, voice.opened) == ([SECOND.text], 1)


@pytest.mark.parametrize("asked", [TELLING, POSTING])
async def test_after_a_crash_it_is_not_said_a_second_time(asked: Ask) -> None:
    phases, voice = Phases(), Voice(chat=["Monday"])
    again = claim(placeholder="m1", answer=pack(Answer(SECOND.text)))
    await Turn(phases, ways(voice, [], asked=asked), again).run()
    assert (phases.steps, voice.chat, voice.opened) == (["finished"], [SECOND.text], 0)


# posts


async def test_a_post_that_was_shown_is_marked_as_posted() -> None:
    record = await left(SECOND, asked=POSTING, action=Action.SHARE)
    assert (record.outcome, record.posted, record.more) == (Outcome.OK, "key", True)


@dataclass(slots=True)
class Listening:
    """Keeps what is said, and whether everybody hears it."""

    openly: Voice = field(default_factory=Voice)
    aside: Voice = field(default_factory=Voice)

    async def speak(self, claim: Claim, asked: Ask, act: Act) -> None:
        await act(self.aside if asked.alone else self.openly)

    async def left(self, *steps: Step, **changes: object) -> Phases:
        phases = Phases()
        mine = replace(ways(self.openly, steps, asked=POSTING), speak=self.speak)
        await Turn(phases, mine, claim(**changes)).run()
        return phases


@pytest.mark.parametrize("error", [NotMember(), Widened(), Expired(), ValueError(), Standing(), NeedsSignIn()])
async def test_why_nothing_was_posted_is_told_to_who_asked_and_nobody_else(error: Exception) -> None:
    ear = Listening()
    phases = await ear.left(error)
    told = error if isinstance(error, AssistantError) else AssistantError()
    assert (ear.openly.chat, ear.openly.opened, ear.aside.chat) == ([], 0, [told.words])
    assert phases.steps == ["finished"] and phases.record is not None


async def test_who_must_sign_in_before_it_is_posted_is_shown_how() -> None:
    ear = Listening()
    await ear.left(NeedsSignIn())
    assert (ear.openly.offers, ear.aside.offers) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "error"), [({"stopped": True}, Stopped()), ({"attempts": ATTEMPTS}, AssistantError())]
)
async def test_a_post_that_was_stopped_or_tried_too_often_is_told_to_who_asked_alone(
    changes: dict[str, object], error: AssistantError
) -> None:
    ear = Listening()
    await ear.left(SECOND, **changes)
    assert (ear.openly.chat, ear.aside.chat) == ([], [error.words])


async def test_a_post_that_was_stopped_just_before_it_was_shown_is_not_shown() -> None:
    ear, phases = Listening(), Phases(stopped=True)
    await Turn(phases, replace(ways(ear.openly, [SECOND], asked=POSTING), speak=ear.speak), CLAIM).run()
    assert (ear.openly.chat, ear.aside.chat) == ([], [Stopped().words])


async def test_what_was_not_posted_is_not_marked() -> None:
    phases = await Listening().left(Widened())
    assert phases.record is not None
    assert (phases.record.outcome, phases.record.posted, phases.record.history) == (Outcome.REFUSED, "", ())


async def test_what_stands_there_already_is_no_failure() -> None:
    phases = await Listening().left(Standing())
    assert phases.record is not None and phases.record.outcome is Outcome.OK


# digests, where they fail


async def test_a_digest_that_has_nothing_to_say_says_nothing() -> None:
    voice = Voice(chat=["earlier"], refuse={"close": Unavailable()})
    assert (await left(asked=TELLING, action=Action.DIGEST, voice=voice)).outcome is Outcome.OK
    assert (voice.chat, voice.opened) == (["earlier"], 0)


async def test_a_digest_of_a_card_alone_is_said() -> None:
    voice = Voice(refuse={"close": Gone()})
    record = await left(Card("x", ()), asked=TELLING, action=Action.DIGEST, voice=voice)
    assert record.outcome is Outcome.GONE


async def test_a_digest_that_was_told_is_renewed() -> None:
    record = await left(ON, NEXT, Say("x"), asked=TELLING, action=Action.DIGEST)
    assert (record.renews, record.digests, len(record.errands)) == (True, (ON,), 1)


async def test_a_digest_that_failed_this_time_is_renewed_and_says_why() -> None:
    voice = Voice()
    record = await left(ON, NEXT, Visit("19:c", NOW), NotMember(), asked=TELLING, action=Action.DIGEST, voice=voice)
    assert (record.digests, len(record.errands), record.visit) == ((ON,), 1, None)
    assert voice.chat == [NotMember().words]


async def test_a_digest_that_could_not_be_said_at_last_is_renewed() -> None:
    voice = Voice(refuse={"close": Unavailable()})
    record = await left(ON, NEXT, Say("x"), asked=TELLING, action=Action.DIGEST, voice=voice, attempts=ATTEMPTS - 1)
    assert (record.outcome, record.digests, len(record.errands)) == (Outcome.DEAD, (ON,), 1)


async def test_a_digest_ends_with_the_chat_it_was_told_in() -> None:
    voice = Voice(refuse={"close": Gone()})
    record = await left(ON, NEXT, Say("x"), asked=TELLING, action=Action.DIGEST, voice=voice)
    assert (record.digests, record.errands) == ((replace(ON, schedule=None),), ())


async def test_the_first_words_are_the_askers() -> None:
    voice = Voice(refuse={"close": Gone()})
    german = replace(ways(voice, HELLO), first=lambda ask: "Ich denke nach…")
    await Turn(Phases(), german, CLAIM).run()
    assert voice.chat == ["Ich denke nach…"]
