"""What is for one person's eyes: who sees what, told by the double."""

from collections.abc import Callable

import pytest

from bot.limits import MESSAGE_BYTES
from bot.teams.errors import Ambiguous
from bot.teams.private import Alone, Whisper
from bot.teams.refusals import TRIES
from bot.teams.speaker import Speaker
from dialogs.errors import AssistantError, Gone, NotReached, TooLong, Unavailable
from dialogs.talk import Answer, Note, Say
from tests.bot.teams.stage import ANSWER, CARD, HOME, ME, TEXT, Stage, into, spoken
from tests.world.door import Call, Fault
from tests.world.faults import accepted, refused, status, throttled
from tests.world.people import ADA, BRUNO, GROUP, TENANT, THREAD

SORRY = NotReached().words


@pytest.fixture(params=[GROUP, THREAD], ids=["group", "thread"])
def stage(request: pytest.FixtureRequest, stage: Stage) -> Stage:
    """Ada asks for something privately where others read along."""
    stage.room = request.param
    stage.alone = ME
    return stage


def mine(stage: Stage) -> list[str]:
    """What Ada sees where she asked."""
    return stage.teams.seen_by(ADA, stage.room.conversation)


def theirs(stage: Stage) -> list[str]:
    """What the others see there."""
    return stage.teams.seen_by(BRUNO, stage.room.conversation)


def aside(stage: Stage) -> list[str]:
    """What stands in Ada's own chat with the bot."""
    return stage.teams.seen_by(ADA, HOME.conversation)


async def begun(stage: Stage) -> str:
    """The id that the store keeps of a first message."""
    ids: list[str] = []

    async def act(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))

    await stage.turn(act)
    return ids[0]


def targeted(call: Call) -> bool:
    return "isTargetedActivity" in call.query


# where the tenant allows it: a targeted message


async def test_a_private_answer_is_seen_by_its_asker_alone(stage: Stage) -> None:
    await stage.turn(spoken)
    assert (mine(stage), theirs(stage), aside(stage)) == ([TEXT], [], [])


async def test_it_carries_label_citations_and_feedback(stage: Stage) -> None:
    await stage.turn(spoken)
    (shown,) = stage.chat
    assert (shown.edits, shown.ai, shown.feedback, len(shown.citations)) == (("Thinking…",), True, True, 2)


async def test_it_says_what_is_under_way(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for note in ("Reading 600 messages…", "Summarising…"):
            await speaker.add(Note(note))
            await speaker.add(Say("A secret."))
            await stage.shows(note)
        await speaker.close(Answer("A secret."))

    await stage.turn(act)
    assert stage.chat.last.edits == ("Thinking…", "Reading 600 messages…", "Summarising…")
    assert theirs(stage) == []


async def test_it_may_be_said_without_a_note_before(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.close(ANSWER))
    assert (mine(stage), theirs(stage)) == ([TEXT], [])


async def test_all_messages_of_a_long_answer_are_private(stage: Stage) -> None:
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("word " * (MESSAGE_BYTES // 5), cards=(CARD,)), on_shown=into(counts))

    await stage.turn(act)
    assert len(mine(stage)) == len(counts) >= 3
    assert len(stage.chat.last.cards) == 1
    assert (theirs(stage), aside(stage)) == ([], [])


async def test_how_to_sign_in_is_shown_privately(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.close(Answer("First sign in.", sign_in=True)))
    assert (mine(stage), theirs(stage)) == (["First sign in.", "Sign in here."], [])


async def test_another_process_goes_on_from_its_id(stage: Stage) -> None:
    id = await begun(stage)
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=id)
    assert (mine(stage), theirs(stage)) == ([TEXT], [])


async def test_what_has_expired_is_said_anew_to_the_same_person(stage: Stage) -> None:
    id = await begun(stage)
    stage.teams.expire(stage.room.conversation)
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=id)
    assert (mine(stage), theirs(stage), aside(stage)) == ([TEXT], [], [])


async def test_what_the_tenant_forbids_meanwhile_is_said_one_to_one(stage: Stage) -> None:
    id = await begun(stage)
    stage.teams.expire(stage.room.conversation)
    stage.teams.allow_targeted = False
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=id)
    assert (mine(stage), theirs(stage), aside(stage)) == ([], [], [TEXT])


async def test_a_message_that_everybody_sees_is_never_written_over(stage: Stage) -> None:
    public = stage.alone, stage.room
    stage.alone = None
    id = await begun(stage)
    stage.alone, stage.room = public
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=id)
    assert (mine(stage), theirs(stage)) == (["Thinking…", TEXT], ["Thinking…"])


async def test_a_message_of_unknown_fate_is_not_said_elsewhere_too(stage: Stage) -> None:
    stage.teams.faults.add(accepted(status(502)), when=targeted)
    with pytest.raises(Ambiguous):
        await stage.turn(lambda speaker: speaker.close(ANSWER))
    assert (mine(stage), theirs(stage), aside(stage)) == ([TEXT], [], [])


async def test_a_busy_teams_is_no_reason_to_say_it_elsewhere(stage: Stage) -> None:
    stage.teams.faults.add(throttled(1), when=targeted, times=TRIES - 1)
    await stage.turn(spoken)
    assert (mine(stage), aside(stage)) == ([TEXT], [])


async def test_what_is_too_long_is_said_nowhere(stage: Stage) -> None:
    stage.teams.faults.add(refused(413, "MessageSizeTooBig"), when=targeted)
    with pytest.raises(TooLong):
        await stage.turn(lambda speaker: speaker.close(ANSWER))
    assert (mine(stage), theirs(stage), aside(stage)) == ([], [], [])


# where it does not: one to one


REFUSALS = [
    refused(400, "BadArgument"),
    refused(403, "BotNotInConversationRoster"),
    refused(403, "NotEnoughPermissions"),
    refused(404, "ActivityNotFoundInConversation"),
    refused(405, "MethodNotAllowed"),
]


@pytest.mark.parametrize("fault", REFUSALS)
async def test_where_targeted_messages_are_refused_the_answer_comes_one_to_one(stage: Stage, fault: Fault) -> None:
    stage.teams.faults.add(fault, when=targeted, times=None)
    await stage.turn(spoken)
    assert (mine(stage), theirs(stage), aside(stage)) == ([], [], [TEXT])


@pytest.fixture
def forbidden(stage: Stage) -> Stage:
    """A tenant that allows no targeted messages."""
    stage.teams.allow_targeted = False
    return stage


async def test_notes_and_all_messages_come_one_to_one_then(forbidden: Stage) -> None:
    stage = forbidden

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Note("Reading…"))
        await stage.teams.until(lambda: aside(stage) == ["Reading…"])
        await speaker.close(Answer("A secret.", cards=(CARD,), sign_in=True))

    await stage.turn(act)
    assert aside(stage) == ["A secret.", "", "Sign in here."]
    assert (mine(stage), theirs(stage)) == ([], [])


async def test_another_process_goes_on_one_to_one(forbidden: Stage) -> None:
    id = await begun(forbidden)
    forbidden.teams.allow_targeted = True
    await forbidden.turn(lambda speaker: speaker.close(ANSWER), placeholder=id)
    assert (mine(forbidden), aside(forbidden)) == ([], [TEXT])


async def test_what_was_deleted_one_to_one_is_said_there_anew(forbidden: Stage) -> None:
    id = await begun(forbidden)
    forbidden.teams.faults.add(refused(404, "ActivityNotFoundInConversation"), of="update")
    await forbidden.turn(lambda speaker: speaker.close(ANSWER), placeholder=id)
    assert aside(forbidden) == ["Thinking…", TEXT]


# where there is no way to the person


@pytest.fixture
def unreachable(forbidden: Stage) -> Stage:
    """Nor has Ada added the bot for herself."""
    forbidden.teams.uninstall(ADA)
    return forbidden


def nobody_sees_anything(stage: Stage) -> bool:
    return (mine(stage), theirs(stage), aside(stage)) == ([], [], [])


async def test_who_cannot_be_reached_is_told_so_and_nothing_appears(unreachable: Stage) -> None:
    with pytest.raises(NotReached):
        await unreachable.turn(spoken)
    assert nobody_sees_anything(unreachable)


async def test_who_cannot_be_written_to_is_not_reached_either(forbidden: Stage) -> None:
    forbidden.teams.faults.add(
        refused(403, "ConversationBlockedByUser"), of="send", when=lambda call: not targeted(call)
    )
    with pytest.raises(NotReached):
        await forbidden.turn(spoken)
    assert nobody_sees_anything(forbidden)


async def test_who_is_not_known_is_not_reached(stage: Stage) -> None:
    stage.alone = Alone("", TENANT)
    with pytest.raises(NotReached):
        await stage.turn(spoken)
    assert nobody_sees_anything(stage)


async def test_that_the_person_was_not_reached_is_all_that_everybody_reads(unreachable: Stage) -> None:
    await unreachable.turn(lambda speaker: speaker.close(Answer(SORRY)))
    assert theirs(unreachable) == mine(unreachable) == [SORRY]


async def test_in_the_persons_language_too(unreachable: Stage) -> None:
    unreachable.alone = Alone(ADA.teams, TENANT, "Ich konnte dir nicht schreiben.")
    await unreachable.turn(lambda speaker: speaker.close(Answer("Ich konnte dir nicht schreiben.")))
    assert theirs(unreachable) == ["Ich konnte dir nicht schreiben."]


@pytest.mark.parametrize(
    "answer",
    [ANSWER, Answer(f"{SORRY} And a secret."), Answer(Unavailable().words), Answer(SORRY * 2), Answer(cards=(CARD,))],
)
async def test_nothing_else_is_ever_said_where_everybody_reads_it(unreachable: Stage, answer: Answer) -> None:
    with pytest.raises(NotReached):
        await unreachable.turn(lambda speaker: speaker.close(answer))
    assert nobody_sees_anything(unreachable)


async def test_what_goes_on_after_that_sentence_stays_unsaid(unreachable: Stage) -> None:
    with pytest.raises(NotReached):
        await unreachable.turn(lambda speaker: speaker.close(Answer(SORRY, cards=(CARD,), sign_in=True)))
    assert theirs(unreachable) == [SORRY]


async def test_the_sentence_itself_is_said_privately_where_that_goes(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.close(Answer(SORRY)))
    assert (mine(stage), theirs(stage)) == ([SORRY], [])


async def test_a_chat_that_could_not_be_opened_just_now_is_tried_again_later(forbidden: Stage) -> None:
    forbidden.teams.faults.add(status(502), of="create", times=None)
    with pytest.raises(Unavailable):
        await forbidden.turn(spoken)
    assert nobody_sees_anything(forbidden)


@pytest.mark.parametrize("reply", [{}, {"id": 7}, [], None])
async def test_a_chat_without_an_id_is_no_chat(forbidden: Stage, reply: object) -> None:
    forbidden.teams.faults.add(status(201, reply), of="create")
    with pytest.raises(NotReached):
        await forbidden.turn(spoken)


async def test_who_is_thrown_out_meanwhile_still_hears_one_to_one(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.close(stage.room.conversation)
        await speaker.add(Note("Reading…"))
        await speaker.close(ANSWER)

    await stage.turn(act)
    assert aside(stage) == [TEXT]


async def test_in_a_personal_chat_there_is_nothing_to_hide(stage: Stage) -> None:
    stage.room = HOME
    await stage.turn(spoken)
    assert stage.chat.last.steps == ("Thinking…",)


# faults of every kind


EVERY: list[Callable[[], Fault]] = [
    lambda: status(500),
    lambda: status(503),
    lambda: throttled(60),
    lambda: refused(401, "Unauthorized"),
    lambda: refused(403, "BotDisabledByAdmin"),
    lambda: refused(404, "ConversationNotFound"),
    lambda: refused(404, "TARGETED_MESSAGE_EXPIRED_OR_DELETED"),
    lambda: refused(400, "INVALID_TARGETED_MESSAGE_ID"),
    lambda: refused(403, "ContentStreamNotAllowed", "Content stream is not allowed"),
]


@pytest.mark.parametrize("kind", ["send", "update", "create"])
@pytest.mark.parametrize("make", EVERY)
async def test_whatever_goes_wrong_the_others_see_nothing(
    forbidden: Stage, make: Callable[[], Fault], kind: str
) -> None:
    forbidden.teams.faults.add(make(), of=kind, times=None)
    for allowed in (True, False):
        forbidden.teams.allow_targeted = allowed
        try:
            await forbidden.turn(spoken)
        except AssistantError as error:
            assert not isinstance(error, Gone)
    assert theirs(forbidden) == []
    assert forbidden.chat.public == []


# the id


@pytest.mark.parametrize(
    "place", [Whisper("17"), Whisper("1:a:b"), Whisper("1:x", "a:1:b"), Whisper("17", "19:x@y;z=%3A")]
)
def test_an_id_leads_back_to_where_the_message_stands(place: Whisper) -> None:
    assert Whisper.read(str(place)) == place


@pytest.mark.parametrize("text", ["", "1795000000000", "chat", "chat:", "chat::17", "1:targeted:17", "Targeted:17"])
def test_any_other_id_leads_nowhere(text: str) -> None:
    assert Whisper.read(text) is None
