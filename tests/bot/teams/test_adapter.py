import asyncio
from typing import Any

import aiohttp
import pytest
from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsInfo
from botbuilder.schema import Activity, ConversationParameters, ConversationReference
from botframework.connector.auth import ClaimsIdentity

from bot.teams.adapter import Adapter, answer
from bot.teams.connector import apart
from bot.teams.errors import Ambiguous, Ending, MessageGone, Rejected, StreamEnded
from bot.teams.outgoing import Outgoing
from bot.teams.refusals import TRIES
from dialogs.errors import AssistantError, Busy, Gone, TooLong, Unavailable
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import Speech, speech
from tests.world.activities import invoke, message
from tests.world.door import Call
from tests.world.faults import Hang, accepted, drop, refused, status, throttled
from tests.world.people import ADA, APP, BRUNO, CHANNEL, PEOPLE, TEAM_THREAD, THREAD, Room, personal
from tests.world.teams import TeamsDouble

HOME = personal(ADA)
ROOT = {
    "type": "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "@id": "",
    "additionalType": ["AIGeneratedContent"],
}


@pytest.fixture
def spoken(session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble) -> Speech:
    return speech(session, clock, teams.url)


@pytest.fixture
def adapter(spoken: Speech) -> Adapter:
    return spoken.adapter


def hello(teams: TeamsDouble, room: Room = HOME, **fields: Any) -> dict[str, Any]:
    return {**message(room, ADA, "hello", service=f"{teams.url}/"), **fields}


async def say(adapter: Adapter, activity: dict[str, Any], *said: Activity) -> list[str]:
    """Says things in the turn of an activity; their ids."""
    ids: list[str] = []

    async def act(context: TurnContext) -> None:
        ids.extend([(await context.send_activity(one)).id for one in said])

    await adapter.turn(activity, act)
    return ids


def words(text: str = "Hello.", **fields: Any) -> Activity:
    return Activity(type="message", text=text, **fields)


def step(number: int, text: str, stream: str | None = None, kind: str = "streaming") -> Activity:
    named = {} if stream is None else {"streamId": stream}
    info = {
        "type": "streaminfo",
        "streamType": kind,
        **({} if kind == "final" else {"streamSequence": number}),
        **named,
    }
    return Activity(type="message" if kind == "final" else "typing", text=text, entities=[info])


async def test_what_is_said_in_a_turn_stands_in_the_chat(adapter: Adapter, teams: TeamsDouble) -> None:
    await say(adapter, hello(teams), words())
    assert teams.chat(HOME.conversation).texts == ["Hello."]


async def test_saying_something_gives_its_id(adapter: Adapter, teams: TeamsDouble) -> None:
    (id,) = await say(adapter, hello(teams), words())
    assert [one.id for one in teams.answers(HOME.conversation)] == [id]


async def test_what_was_said_stays_as_it_was_made(adapter: Adapter, teams: TeamsDouble) -> None:
    said = Outgoing(type="message", text="Hello.", entities=[ROOT])
    await say(adapter, hello(teams), said, said)
    assert teams.chat(HOME.conversation).texts == ["Hello.", "Hello."]
    assert said == Outgoing(type="message", text="Hello.", entities=[ROOT])


async def test_what_is_said_in_a_thread_stands_in_that_thread(adapter: Adapter, teams: TeamsDouble) -> None:
    await say(adapter, hello(teams, THREAD), words())
    assert teams.chat(THREAD.conversation).texts == ["Hello."]


async def test_a_message_can_be_written_over(adapter: Adapter, teams: TeamsDouble) -> None:
    async def act(context: TurnContext) -> None:
        first = await context.send_activity(words("Thinking…"))
        await context.update_activity(words("Done.", id=first.id))

    await adapter.turn(hello(teams), act)
    assert teams.chat(HOME.conversation).texts == ["Done."]


async def test_a_message_can_be_taken_back(adapter: Adapter, teams: TeamsDouble) -> None:
    async def act(context: TurnContext) -> None:
        await context.delete_activity((await context.send_activity(words())).id)

    await adapter.turn(hello(teams), act)
    assert teams.chat(HOME.conversation).texts == []


async def test_a_stream_grows_and_its_later_steps_have_no_id(adapter: Adapter, teams: TeamsDouble) -> None:
    ids: list[str] = []

    async def act(context: TurnContext) -> None:
        first = await context.send_activity(step(1, "Hel"))
        second = await context.send_activity(step(2, "Hello", first.id))
        last = await context.send_activity(step(3, "Hello.", first.id, "final"))
        ids.extend([first.id, second.id, last.id])

    await adapter.turn(hello(teams), act)
    assert teams.chat(HOME.conversation).texts == ["Hello."]
    assert (bool(ids[0]), ids[1:]) == (True, ["", ""])


async def test_the_steps_of_a_stream_are_no_replies(adapter: Adapter, teams: TeamsDouble) -> None:
    teams.faults.add(status(400), of="reply")
    await say(adapter, hello(teams), step(1, "Hel"))
    assert teams.faults.left == 1


async def test_entities_keep_every_field_on_their_way_out(adapter: Adapter, teams: TeamsDouble) -> None:
    sent: list[Any] = []

    async def look(call: Call, answer: Any) -> Any:
        sent.append(call.json)
        return await answer(call)

    teams.faults.add(look)
    await say(adapter, hello(teams), words(entities=[ROOT], channel_data={"feedbackLoop": {"type": "default"}}))
    assert (sent[0]["entities"], sent[0]["channelData"]) == ([ROOT], {"feedbackLoop": {"type": "default"}})


async def test_entities_keep_every_field_on_their_way_in(adapter: Adapter, teams: TeamsDouble) -> None:
    found: list[Any] = []

    async def act(context: TurnContext) -> None:
        found.extend(context.activity.entities)

    await adapter.turn(hello(teams, entities=[ROOT]), act)
    assert found[0].additional_properties["additionalType"] == ["AIGeneratedContent"]


async def test_a_sender_cannot_have_the_replies_collected(adapter: Adapter, teams: TeamsDouble) -> None:
    await say(adapter, hello(teams, deliveryMode="expectReplies"), words())
    assert teams.chat(HOME.conversation).texts == ["Hello."]


async def test_what_goes_wrong_in_a_turn_comes_out(adapter: Adapter, teams: TeamsDouble) -> None:
    async def act(context: TurnContext) -> None:
        raise TooLong

    with pytest.raises(TooLong):
        await adapter.turn(hello(teams), act)


async def test_an_invoke_gets_what_its_turn_answered(adapter: Adapter, teams: TeamsDouble) -> None:
    async def act(context: TurnContext) -> None:
        await answer(context, 200, {"a": [1]})

    found = await adapter.invoke(invoke(HOME, ADA, "x", {}, service=teams.url), act)
    assert (found.status, found.body) == (200, {"a": [1]})


async def test_only_trusted_addresses_are_spoken_to(adapter: Adapter, teams: TeamsDouble) -> None:
    with pytest.raises(Rejected):
        await say(adapter, hello(teams, serviceUrl="https://evil.example/"), words())


async def test_one_address_has_one_client(spoken: Speech, teams: TeamsDouble) -> None:
    assert spoken.connectors.client(teams.url) is spoken.connectors.client(teams.url)


@pytest.mark.parametrize("id", ["..", ".", ""])
async def test_an_id_cannot_climb_out_of_its_path(spoken: Speech, teams: TeamsDouble, id: str) -> None:
    with pytest.raises(Rejected):
        await spoken.connectors.client(teams.url).conversations.send_to_conversation(id, words())


async def test_an_id_is_one_part_of_a_path_whatever_is_in_it(spoken: Speech, teams: TeamsDouble) -> None:
    await spoken.connectors.client(teams.url).conversations.send_to_conversation("19:a/../b?c#d%2e@x", words())
    assert teams.conversations == ["19:a/../b?c#d%2e@x"]


# what goes wrong on the way


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (throttled(60), Busy),
        (refused(404, "ConversationNotFound"), Gone),
        (refused(403, "BotNotInConversationRoster"), Gone),
        (refused(403, "ConversationBlockedByUser"), Gone),
        (refused(403, "BotDisabledByAdmin"), Gone),
        (refused(413, "MessageSizeTooBig"), TooLong),
        (refused(400, "BadArgument"), Rejected),
        (refused(401, "Unauthorized"), Unavailable),
        (status(500), Ambiguous),
        (status(502), Ambiguous),
        (drop, Ambiguous),
    ],
)
async def test_each_refusal_of_the_connector_is_one_of_our_errors(
    adapter: Adapter, teams: TeamsDouble, fault: Any, kind: type[AssistantError]
) -> None:
    teams.faults.add(fault, of="reply")
    with pytest.raises(kind):
        await say(adapter, hello(teams), words())


async def test_a_message_that_is_no_longer_there_cannot_be_written_over(adapter: Adapter, teams: TeamsDouble) -> None:
    async def act(context: TurnContext) -> None:
        await context.update_activity(words("Done.", id="17"))

    with pytest.raises(MessageGone):
        await adapter.turn(hello(teams), act)


async def test_stop_ends_a_stream(adapter: Adapter, teams: TeamsDouble) -> None:
    async def act(context: TurnContext) -> None:
        first = await context.send_activity(step(1, "Hel"))
        teams.stop(HOME.conversation)
        await context.send_activity(step(2, "Hello", first.id))

    with pytest.raises(StreamEnded) as ended:
        await adapter.turn(hello(teams), act)
    assert ended.value.reason is Ending.STOPPED


async def test_something_is_said_once_though_its_acknowledgement_was_lost(adapter: Adapter, teams: TeamsDouble) -> None:
    teams.faults.add(accepted(status(502)), of="reply")
    with pytest.raises(Ambiguous):
        await say(adapter, hello(teams), words())
    assert teams.chat(HOME.conversation).texts == ["Hello."]


async def test_a_throttled_message_is_said_a_little_later(adapter: Adapter, teams: TeamsDouble, clock: Clock) -> None:
    teams.faults.add(throttled(2), of="reply", times=TRIES - 1)
    await say(adapter, hello(teams), words())
    assert (teams.chat(HOME.conversation).texts, clock.pauses) == (["Hello."], [2.25, 2.25])


async def test_conversations_do_not_wait_for_each_other(adapter: Adapter, teams: TeamsDouble) -> None:
    hang = teams.faults.add(Hang(), of="reply")
    waiting = asyncio.create_task(say(adapter, hello(teams), words()))
    await hang.reached.wait()
    other = personal(BRUNO)
    await say(adapter, hello(teams, other), words())
    assert teams.chat(other.conversation).texts == ["Hello."]
    hang.release()
    await waiting


# the SDK's own operations


async def ask(adapter: Adapter, activity: dict[str, Any], question: Any) -> Any:
    found: list[Any] = []

    async def act(context: TurnContext) -> None:
        found.append(await question(context))

    await adapter.turn(activity, act)
    return found[0]


async def test_teams_info_gives_a_member(adapter: Adapter, teams: TeamsDouble) -> None:
    found = await ask(adapter, hello(teams), lambda context: TeamsInfo.get_member(context, ADA.teams))
    assert (found.aad_object_id, found.email, found.tenant_id) == (ADA.id, ADA.mail, ADA.tenant)


async def test_teams_info_gives_the_members_of_a_team_by_pages(adapter: Adapter, teams: TeamsDouble) -> None:
    async def everybody(context: TurnContext) -> list[str]:
        first = await TeamsInfo.get_paged_members(context, page_size=4)
        rest = await TeamsInfo.get_paged_members(context, first.continuation_token, page_size=4)
        return [member.name for member in (*first.members, *rest.members)]

    assert await ask(adapter, hello(teams, THREAD), everybody) == [person.name for person in PEOPLE]


async def test_teams_info_gives_all_members_at_once(adapter: Adapter, teams: TeamsDouble) -> None:
    found = await ask(adapter, hello(teams), TeamsInfo.get_members)
    assert [member.name for member in found] == [ADA.name]


async def test_teams_info_gives_a_team_off_the_loop(adapter: Adapter, teams: TeamsDouble) -> None:
    found = await ask(adapter, hello(teams, THREAD), lambda context: apart(TeamsInfo.get_team_details(context)))
    assert found.id == TEAM_THREAD


async def test_teams_info_gives_the_channels_of_a_team_off_the_loop(adapter: Adapter, teams: TeamsDouble) -> None:
    found = await ask(adapter, hello(teams, THREAD), lambda context: apart(TeamsInfo.get_team_channels(context)))
    assert CHANNEL.channel in [channel.id for channel in found]


async def test_a_synchronous_operation_on_the_loop_is_refused_rather_than_stalling_it(
    adapter: Adapter, teams: TeamsDouble
) -> None:
    with pytest.raises(RuntimeError, match="apart"):
        await ask(adapter, hello(teams, THREAD), TeamsInfo.get_team_details)


async def test_teams_info_begins_a_thread_in_a_channel(adapter: Adapter, teams: TeamsDouble) -> None:
    async def begin(context: TurnContext) -> Any:
        return await TeamsInfo.send_message_to_teams_channel(context, words(), CHANNEL.channel, bot_app_id=APP)

    reference, id = await ask(adapter, hello(teams, THREAD), begin)
    assert [one.id for one in teams.answers(reference.conversation.id)] == [id]


async def test_a_conversation_can_be_begun(adapter: Adapter, teams: TeamsDouble) -> None:
    async def greet(context: TurnContext) -> None:
        await context.send_activity(words("Good morning."))

    wish = ConversationParameters(members=[{"id": BRUNO.teams}], tenant_id=BRUNO.tenant)
    await adapter.create_conversation(APP, greet, wish, "msteams", teams.url)
    assert teams.chat(personal(BRUNO).conversation).texts == ["Good morning."]


async def test_a_conversation_can_be_taken_up_again(adapter: Adapter, teams: TeamsDouble) -> None:
    references: list[ConversationReference] = []

    async def keep(context: TurnContext) -> None:
        references.append(TurnContext.get_conversation_reference(context.activity))

    async def remind(context: TurnContext) -> None:
        await context.send_activity(words("Your digest."))

    await adapter.turn(hello(teams), keep)
    await adapter.continue_conversation(references[0], remind, APP)
    assert teams.chat(HOME.conversation).texts == ["Your digest."]


async def test_an_error_of_a_generated_operation_is_ours_too(adapter: Adapter, teams: TeamsDouble) -> None:
    teams.close(HOME.conversation)
    with pytest.raises(Gone):
        await ask(adapter, hello(teams), lambda context: TeamsInfo.get_member(context, ADA.teams))


# what the SDK would let in


async def test_the_sdk_verifies_nothing_and_lets_nobody_in(adapter: Adapter) -> None:
    async def act(context: TurnContext) -> None:
        raise AssertionError

    gate = adapter.bot_framework_authentication
    for way in (
        adapter.process(None, None),
        adapter.process_activity("Bearer x", Activity(type="message"), act),
        gate.authenticate_streaming_request("Bearer x", "msteams"),
        gate.authenticate_channel_request("Bearer x"),
    ):
        with pytest.raises(PermissionError):
            await way


def test_there_are_no_skills(adapter: Adapter) -> None:
    with pytest.raises(PermissionError):
        adapter.bot_framework_authentication.create_bot_framework_client()


async def test_the_bot_is_its_app_in_every_turn(adapter: Adapter, teams: TeamsDouble) -> None:
    async def who(context: TurnContext) -> ClaimsIdentity:
        return context.turn_state[adapter.BOT_IDENTITY_KEY]

    assert (await ask(adapter, hello(teams), who)).get_claim_value("aud") == APP
