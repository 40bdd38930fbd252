"""How somebody is shown where to sign in: who sees the card, and what stands there meanwhile."""

import pytest

from bot.teams.errors import Ambiguous
from bot.teams.invitation import ELSEWHERE, WAITING
from bot.teams.private import Alone
from bot.teams.speaker import Speaker
from dialogs.errors import AssistantError, NoSignIn, NotReached, Unavailable
from dialogs.talk import Answer, Note, PlaceKind, Say
from tests.bot.teams.stage import ANSWER, HOME, ME, TEXT, Stage
from tests.world.door import Call, Fault
from tests.world.faults import accepted, refused, status
from tests.world.people import ADA, BRUNO, GROUP, THREAD, Room

CARD = "Sign in here."
PERSONAL, CHANNEL = PlaceKind.PERSONAL, PlaceKind.CHANNEL


async def parked(speaker: Speaker) -> None:
    """A turn whose person has to sign in first."""
    await speaker.open("Thinking…")
    await speaker.offer()


def mine(stage: Stage) -> list[str]:
    """What Ada sees where she asked."""
    return stage.teams.seen_by(ADA, stage.room.conversation)


def theirs(stage: Stage) -> list[str]:
    """What the others see there."""
    return stage.teams.seen_by(BRUNO, stage.room.conversation)


def aside(stage: Stage) -> list[str]:
    """What stands in Ada's own chat with the bot."""
    return stage.teams.seen_by(ADA, HOME.conversation)


def targeted(call: Call) -> bool:
    return "isTargetedActivity" in call.query


# in a personal chat


async def test_in_a_personal_chat_the_card_is_a_message_with_which_teams_tries_by_itself(stage: Stage) -> None:
    await stage.turn(parked)
    assert (stage.chat.texts, stage.kinds) == ([WAITING, CARD], [PERSONAL])


async def test_the_stream_has_ended_so_that_another_may_begin(stage: Stage) -> None:
    await stage.turn(parked)
    assert [one.streaming for one in stage.chat] == [False, False]


async def test_what_waits_is_written_over_by_another_life_of_the_ask(stage: Stage) -> None:
    await stage.turn(parked)
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=stage.chat.messages[0].id)
    assert stage.chat.texts == [TEXT, CARD]


async def test_it_may_be_written_over_by_the_same_life_too(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await parked(speaker)
        await speaker.close(ANSWER)

    await stage.turn(act)
    assert stage.chat.texts == [TEXT, CARD]


async def test_a_stream_that_has_begun_to_speak_is_written_over(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One two. "))
        await stage.shows("One two.")
        await speaker.offer()

    await stage.turn(act)
    assert stage.chat.texts == [WAITING, CARD]


async def test_where_no_card_is_due_the_waiting_is_said_all_the_same(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.hold()
        await speaker.hold()

    await stage.turn(act)
    (shown,) = stage.chat
    assert (shown.text, shown.streaming, shown.edits) == (WAITING, False, ())


async def test_who_presses_stop_is_offered_nothing(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.stop(HOME.conversation)
        await speaker.offer()
        assert speaker.stopped

    await stage.turn(act)
    assert stage.chat.texts == ["Thinking…"]


async def test_a_command_shows_the_card_under_its_answer(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Sign in:", sign_in=True))

    await stage.turn(act)
    assert stage.chat.texts == ["Sign in:", CARD]


async def test_whoever_asks_for_it_the_card_is_shown_once_a_turn(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await parked(speaker)
        await speaker.offer()
        await speaker.close(Answer("Sign in:", sign_in=True))

    await stage.turn(act)
    assert (stage.chat.texts, stage.kinds) == (["Sign in:", CARD], [PERSONAL])


async def test_nothing_need_have_been_said_before(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.offer())
    assert stage.chat.texts == [CARD]


async def test_a_card_of_unknown_fate_is_not_shown_twice(stage: Stage) -> None:
    stage.teams.faults.add(accepted(status(502)), when=lambda call: CARD.encode() in call.body)
    await stage.turn(parked)
    assert stage.chat.texts == [WAITING, CARD]


@pytest.mark.parametrize("error", [Unavailable, NoSignIn])
async def test_where_no_card_can_be_had_the_turn_hears_why(stage: Stage, error: type[AssistantError]) -> None:
    stage.broken = error()
    with pytest.raises(error):
        await stage.turn(parked)
    assert stage.chat.texts == [WAITING]


# where others read along


@pytest.fixture(params=[GROUP, THREAD], ids=["group", "thread"])
def among(request: pytest.FixtureRequest, stage: Stage) -> Stage:
    """Ada asks where others read along."""
    stage.room = request.param
    return stage


async def test_among_others_the_card_is_for_the_person_alone(among: Stage) -> None:
    await among.turn(parked)
    assert (mine(among), theirs(among), aside(among)) == ([WAITING, CARD], [WAITING], [])


@pytest.mark.parametrize(("room", "kind"), [(GROUP, PlaceKind.GROUP), (THREAD, CHANNEL)], ids=["group", "thread"])
async def test_the_card_is_made_for_the_place_it_stands_in(stage: Stage, room: Room, kind: PlaceKind) -> None:
    stage.room = room
    await stage.turn(parked)
    assert stage.kinds == [kind]


async def test_a_command_among_others_shows_its_card_to_the_person_alone(among: Stage) -> None:
    await among.turn(lambda speaker: speaker.close(Answer("Sign in:", sign_in=True)))
    assert (mine(among), theirs(among)) == (["Sign in:", CARD], ["Sign in:"])


@pytest.fixture
def forbidden(among: Stage) -> Stage:
    """A tenant that allows no targeted messages."""
    among.teams.allow_targeted = False
    return among


async def test_where_that_is_not_allowed_the_card_comes_one_to_one_and_the_place_says_so(forbidden: Stage) -> None:
    await forbidden.turn(parked)
    assert (mine(forbidden), theirs(forbidden), aside(forbidden)) == ([ELSEWHERE], [ELSEWHERE], [CARD])


async def test_in_the_persons_own_chat_teams_may_try_by_itself(forbidden: Stage) -> None:
    await forbidden.turn(parked)
    assert forbidden.kinds[-1] is PERSONAL


async def test_the_line_is_written_over_by_the_answer(forbidden: Stage) -> None:
    await forbidden.turn(parked)
    await forbidden.turn(lambda speaker: speaker.close(ANSWER), placeholder=forbidden.chat.messages[0].id)
    assert theirs(forbidden) == [TEXT]


async def test_after_a_command_the_line_comes_under_its_answer(forbidden: Stage) -> None:
    await forbidden.turn(lambda speaker: speaker.close(Answer("Sign in:", sign_in=True)))
    assert (theirs(forbidden), aside(forbidden)) == (["Sign in:", ELSEWHERE], [CARD])


async def test_who_cannot_be_reached_is_told_so_and_nobody_sees_a_card(forbidden: Stage) -> None:
    forbidden.teams.uninstall(ADA)
    with pytest.raises(NotReached):
        await forbidden.turn(parked)
    assert (theirs(forbidden), aside(forbidden)) == ([WAITING], [])


async def test_who_is_not_named_is_not_reached(among: Stage) -> None:
    among.to = Alone("", ME.tenant)
    with pytest.raises(NotReached):
        await among.turn(parked)
    assert theirs(among) == [WAITING]


FAULTS = [refused(403, "BotNotInConversationRoster"), refused(405, "MethodNotAllowed"), status(503), status(500)]


@pytest.mark.parametrize("kind", ["send", "reply", "create"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_goes_wrong_nobody_else_sees_a_card(forbidden: Stage, fault: Fault, kind: str) -> None:
    for allowed in (True, False):
        forbidden.teams.allow_targeted = allowed
        forbidden.teams.faults.add(fault, of=kind, when=lambda call: kind == "create" or targeted(call), times=None)
        try:
            await forbidden.turn(parked)
        except AssistantError as error:
            assert not isinstance(error, Ambiguous)
    assert CARD not in theirs(forbidden)


# for somebody who asked privately


@pytest.fixture
def alone(among: Stage) -> Stage:
    """Ada asks privately."""
    among.alone = ME
    return among


async def test_of_a_private_ask_the_others_see_nothing_at_all(alone: Stage) -> None:
    await alone.turn(parked)
    assert (mine(alone), theirs(alone)) == ([WAITING, CARD], [])


async def test_nor_where_it_has_to_go_one_to_one(alone: Stage) -> None:
    alone.teams.allow_targeted = False
    await alone.turn(parked)
    assert (mine(alone), theirs(alone), aside(alone)) == ([], [], [WAITING, CARD])


async def test_who_is_spoken_to_one_to_one_already_finds_the_card_there_too(alone: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        alone.teams.allow_targeted = False
        await speaker.open("Thinking…")
        alone.teams.allow_targeted = True
        await speaker.offer()

    await alone.turn(act)
    assert (mine(alone), aside(alone)) == ([], [WAITING, CARD])


async def test_notes_of_work_under_way_do_not_come_after_it(among: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Note("Reading…"))
        await speaker.offer()

    await among.turn(act)
    assert mine(among)[0] == WAITING
