"""Answers for one pair of eyes, and what may become of them."""

from typing import Any

import orjson
import pytest

from tests.scenarios.stage import Stage, honest
from tests.world.activities import Activity, invoke, message, on_message
from tests.world.chat import Shown
from tests.world.faults import status
from tests.world.people import ADA, BRUNO, GUEST, Room, Someone, base, personal

pytestmark = pytest.mark.asyncio(loop_scope="session")
POINT = "They spoke of the launch"


def a_thread(stage: Stage) -> Room:
    channel = stage.channel()
    return channel.at(stage.write(channel, BRUNO, "The launch is on Friday."))


async def privately(stage: Stage, room: Room, words: str = "privately summarise") -> Shown:
    """A private summary, shown in the thread to Ada."""
    stage.world.model.next(honest)
    await stage.give(room, message(room, ADA, words))
    await stage.until(lambda: bool(card(stage, room)))
    return next(one for one in stage.world.teams.chat(room.conversation).messages if POINT in one.text)


def card(stage: Stage, room: Room, whose: Someone = ADA) -> list[Shown]:
    """The messages with the button to post."""
    seen = stage.world.teams.chat(room.conversation).seen_by(whose)
    return [one for one in seen if one.cards and "post " in str(one.cards)]


def pressed(room: Room, person: Someone, shown: Shown) -> Activity:
    """What Teams sends when the button under a private answer is pressed."""
    data = shown.cards[0]["actions"][0]["data"]
    return {**message(room, person, "", mentioned=False), "text": "", "attachments": [], "value": data}


def public(stage: Stage, room: Room) -> str:
    """What everybody in a thread or chat sees."""
    return "\n".join(one.text for one in stage.world.teams.chat(room.conversation).public)


async def test_a_private_summary_is_seen_by_nobody_else(stage: Stage) -> None:
    room = a_thread(stage)
    await privately(stage, room)
    assert any(POINT in text for text in stage.world.teams.seen_by(ADA, room.conversation))
    assert stage.world.teams.seen_by(BRUNO, room.conversation) == []


async def test_what_was_said_to_the_bot_alone_is_answered_to_that_person_alone(stage: Stage) -> None:
    room = a_thread(stage)
    stage.world.model.next(honest)
    activity = message(room, ADA, "summarise")
    activity["recipient"]["isTargeted"] = True
    await stage.give(room, activity)
    assert public(stage, room) == ""


async def test_where_the_tenant_does_not_allow_it_the_summary_comes_one_to_one(stage: Stage) -> None:
    room, home = a_thread(stage), personal(ADA)
    stage.world.teams.allow_targeted = False
    stage.world.model.next(honest)
    try:
        await stage.world.post(message(room, ADA, "summarise privately"))
        await stage.until(lambda: any(POINT in one.text for one in stage.answers(home)))
    finally:
        stage.world.teams.allow_targeted = True
    assert public(stage, room) == ""


async def test_posted_by_its_button_it_stands_in_the_thread_once(stage: Stage) -> None:
    room = a_thread(stage)
    await privately(stage, room)
    button = card(stage, room)[0]
    await stage.world.post(pressed(room, ADA, button))
    await stage.world.post(pressed(room, ADA, button))
    await stage.until(lambda: POINT in public(stage, room) and len(stage.answers(room)) >= 5)
    assert public(stage, room).count(POINT) == 1 and "Ada Lindqvist" in public(stage, room)


async def test_a_button_in_anothers_hand_posts_nothing(stage: Stage) -> None:
    room = a_thread(stage)
    await privately(stage, room)
    await stage.give(room, pressed(room, BRUNO, card(stage, room)[0]))
    assert POINT not in public(stage, room)


async def test_it_is_not_posted_where_a_guest_has_joined_since(stage: Stage) -> None:
    room = a_thread(stage)
    await privately(stage, room)
    button = card(stage, room)[0]
    stage.world.teams.roster.admit(room.conversation, GUEST)
    await stage.give(room, pressed(room, ADA, button))
    assert POINT not in public(stage, room)


async def test_who_left_the_conversation_is_told_nothing_of_it(stage: Stage) -> None:
    room, asked = a_thread(stage), len(stage.world.model.prompts)
    stage.world.teams.roster.leave(base(room.conversation), ADA)
    answer = await stage.say(room, "summarise")
    assert "belong" in answer.text and len(stage.world.model.prompts) == asked


async def test_where_nobody_can_say_who_belongs_nothing_is_read(stage: Stage) -> None:
    room, asked = a_thread(stage), len(stage.world.model.prompts)
    stage.world.teams.faults.add(status(403), of="member", times=9)
    try:
        answer = await stage.say(room, "summarise")
    finally:
        stage.world.teams.faults.clear()
    assert POINT not in answer.text and len(stage.world.model.prompts) == asked


async def chosen(stage: Stage, activity: Activity) -> dict[str, Any]:
    """The card in the window that an invoke is answered with."""
    status, body = await stage.world.post(activity)
    assert status == 200
    found: dict[str, Any] = orjson.loads(body)["task"]["value"]["card"]["content"]
    return found


async def test_the_menus_action_is_answered_at_once_and_shows_the_summary_to_that_person(stage: Stage) -> None:
    room = a_thread(stage)
    stage.world.model.next(honest)
    root = room.conversation.partition("=")[2]
    window = await chosen(stage, on_message(room, ADA, root, "<p>The launch</p>", "summariseThread"))
    assert "reading" in str(window)
    await stage.until(lambda: bool(card(stage, room)))
    await stage.say(room, "privately help")  # what the summary left behind is written by then
    value = {"commandId": "summariseThread", "data": window["actions"][0]["data"]}
    filled = await chosen(stage, invoke(room, ADA, "composeExtension/submitAction", value))
    assert POINT in str(filled) and public(stage, room) == ""


async def test_the_menus_window_shows_anothers_summary_to_nobody(stage: Stage) -> None:
    room = a_thread(stage)
    stage.world.model.next(honest)
    window = await chosen(stage, on_message(room, ADA, "1", "", "summariseThread"))
    await stage.until(lambda: bool(card(stage, room)))
    value = {"commandId": "summariseThread", "data": window["actions"][0]["data"]}
    other = await chosen(stage, invoke(room, BRUNO, "composeExtension/submitAction", value))
    assert POINT not in str(other)


async def test_where_the_bot_is_no_member_the_menu_offers_to_add_it(stage: Stage) -> None:
    room = a_thread(stage)
    stage.world.teams.close(room.conversation)
    window = await chosen(stage, on_message(room, ADA, "1", "", "summariseThread"))
    assert "justInTimeInstall" in str(window)
