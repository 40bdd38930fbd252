"""The hand: what a person does at their client with what the bot shows."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.teams.cards import adaptive
from dialogs.cards import Bar, Button, Card, Chart, Choice, Field, Row
from tests.contracts.wire import Wire
from tests.world.activities import Activity
from tests.world.drive import Drive
from tests.world.faces import ADAPTIVE, CONSENT, FILE
from tests.world.hand import Hand, Refused
from tests.world.people import ADA, GROUP, personal
from tests.world.teams import TeamsDouble

HOME = personal(ADA)
CARD = Card(
    "Settings",
    ("How I answer.",),
    (Button("Save", "save settings", quiet=True), Button("Help", "help")),
    (
        Field("name", "Name", value="Ada"),
        Field("tone", "Tone", "choice", "formal", (Choice("formal", "Formal"), Choice("plain", "Plain"))),
    ),
    (
        Row(("Chat", "When"), head=True),
        Row(("Launch", "Monday"), (Button("Open", "open chat 1", quiet=True),)),
        Row(("Budget", "Tuesday"), (Button("Open", "open chat 2", quiet=True),)),
    ),
    Chart("Tokens", (Bar("Mon", 3),)),
)
OFFER = {
    "contentType": CONSENT,
    "name": "data.json",
    "content": {"sizeInBytes": 3, "acceptContext": {"key": "k"}, "declineContext": {"key": "d"}},
}


class Bot:
    """Keeps what it is told, and answers with `status`."""

    def __init__(self) -> None:
        self.heard: list[Activity] = []
        self.status = 202

    async def post(self, activity: Activity) -> tuple[int, bytes]:
        self.heard.append(activity)
        return (200 if activity["type"] == "invoke" else self.status), b""


@pytest.fixture
async def drive() -> AsyncIterator[Drive]:
    async with Drive() as double:
        yield double


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble() as double:
        yield double


@pytest.fixture
async def wire(teams: TeamsDouble) -> AsyncIterator[Wire]:
    async with Wire(teams.url) as wire:
        yield wire


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def hand(teams: TeamsDouble, drive: Drive, bot: Bot) -> Hand:
    return Hand(teams, drive, ADA, HOME, bot.post)


def a_card(card: Card = CARD) -> dict[str, Any]:
    return {"type": "message", "attachments": [{"contentType": ADAPTIVE, "content": adaptive(card)}]}


async def test_a_card_is_read_from_top_to_bottom(teams: TeamsDouble) -> None:
    assert teams.show(HOME.conversation, a_card()).reading.split("\n") == [
        "Settings",
        "How I answer.",
        "Tokens",
        "Mon | ██████████ | 3",
        "Chat | When",
        "Launch | Monday",
        "[Open]",
        "Budget | Tuesday",
        "[Open]",
        "Name: Ada",
        "Tone: formal",
        "[Save] [Help]",
    ]


async def test_a_quiet_button_brings_what_stands_in_the_fields(teams: TeamsDouble, hand: Hand, bot: Bot) -> None:
    card = teams.show(HOME.conversation, a_card())
    await hand.press("Save", tone="plain")
    (heard,) = bot.heard
    assert heard["value"] == {"say": "save settings", "name": "Ada", "tone": "plain"}
    assert (heard["type"], heard["replyToId"], "text" in heard) == ("message", card.id, False)


async def test_a_button_of_a_row_is_pressed_by_its_number(teams: TeamsDouble, hand: Hand, bot: Bot) -> None:
    teams.show(HOME.conversation, a_card())
    await hand.press("Open", nth=1)
    assert bot.heard[0]["value"]["say"] == "open chat 2"


async def test_a_button_that_is_not_quiet_speaks_for_the_person(teams: TeamsDouble, hand: Hand, bot: Bot) -> None:
    teams.show(HOME.conversation, a_card())
    await hand.press("Help")
    assert (bot.heard[0]["text"], "value" in bot.heard[0]) == ("help", False)


@pytest.mark.parametrize("given", [{"tone": "rude"}, {"mood": "good"}])
async def test_nobody_fills_in_what_the_card_does_not_ask(
    teams: TeamsDouble, hand: Hand, given: dict[str, Any]
) -> None:
    teams.show(HOME.conversation, a_card())
    with pytest.raises(LookupError):
        await hand.press("Save", **given)


async def test_what_was_said_is_edited_and_deleted_under_its_id(hand: Hand, bot: Bot) -> None:
    sent = await hand.say("hello")
    await hand.edit(sent, "good morning")
    await hand.delete(sent)
    assert [(one["type"], one["id"] == sent["id"]) for one in bot.heard] == [
        ("message", True),
        ("messageUpdate", True),
        ("messageDelete", True),
    ]


async def test_who_uninstalls_is_reached_no_more_until_they_install_again(hand: Hand, bot: Bot, wire: Wire) -> None:
    await hand.uninstall()
    assert (bot.heard[0]["type"], bot.heard[0]["action"]) == ("installationUpdate", "remove")
    assert (await wire.say(HOME.conversation, {"type": "message", "text": "hello"}))[0] == 403
    await hand.install()
    assert (await wire.say(HOME.conversation, {"type": "message", "text": "hello"}))[0] == 201


async def test_an_offered_document_is_accepted_with_a_place_to_put_it(
    teams: TeamsDouble, hand: Hand, bot: Bot, drive: Drive
) -> None:
    card = teams.show(HOME.conversation, {"type": "message", "attachments": [OFFER]})
    assert await hand.accept() == 200
    value = bot.heard[0]["value"]
    assert (value["action"], value["context"], bot.heard[0]["replyToId"]) == ("accept", {"key": "k"}, card.id)
    assert value["uploadInfo"]["uploadUrl"].startswith(f"http://{drive.host}/")


async def test_an_offered_document_is_declined(teams: TeamsDouble, hand: Hand, bot: Bot) -> None:
    teams.show(HOME.conversation, {"type": "message", "attachments": [OFFER]})
    await hand.decline()
    value = bot.heard[0]["value"]
    assert (value["action"], value["context"], "uploadInfo" in value) == ("decline", {"key": "d"}, False)


@pytest.mark.parametrize("nested", [False, True])
async def test_a_thumb_is_given_where_thumbs_are_shown(teams: TeamsDouble, hand: Hand, bot: Bot, nested: bool) -> None:
    rated = teams.show(HOME.conversation, {"text": "So.", "channelData": {"feedbackLoop": {"type": "default"}}})
    assert await hand.rate(rated, "dislike", "wrong", nested=nested) == 200
    value = bot.heard[0]["value"]
    given = (value["data"] if nested else value)["actionValue"]
    assert (given["reaction"], json.loads(given["feedback"])) == ("dislike", {"feedbackText": "wrong"})
    with pytest.raises(LookupError):
        await hand.rate(teams.show(HOME.conversation, {"text": "Bare."}))


async def test_what_the_bot_does_not_take_is_noticed(hand: Hand, bot: Bot) -> None:
    bot.status = 503
    with pytest.raises(Refused):
        await hand.say("hello")


# what Teams refuses


@pytest.mark.parametrize(
    ("attachment", "status"),
    [
        (OFFER, 201),
        ({**OFFER, "content": {"sizeInBytes": 3}}, 400),
        ({"contentType": FILE, "name": "a", "contentUrl": "https://x", "content": {"uniqueId": "1"}}, 201),
        ({"contentType": FILE, "name": "a", "content": {"uniqueId": "1"}}, 400),
        ({"contentType": ADAPTIVE, "content": {"body": ["x" * 28 * 1024]}}, 413),
        ({"contentType": ADAPTIVE, "content": {"body": [{"type": "Input.Text", "id": "a"}] * 2}}, 400),
        ({"contentType": ADAPTIVE, "content": {"actions": [{"type": "Action.Submit"}]}}, 400),
    ],
)
async def test_cards_of_a_wrong_shape_are_refused(wire: Wire, attachment: dict[str, Any], status: int) -> None:
    assert (await wire.say(HOME.conversation, {"type": "message", "attachments": [attachment]}))[0] == status


async def test_documents_are_for_personal_chats(wire: Wire, teams: TeamsDouble) -> None:
    assert (await wire.say(GROUP.conversation, {"type": "message", "attachments": [OFFER]}))[0] == 403
    teams.allow_files = False
    assert (await wire.say(HOME.conversation, {"type": "message", "attachments": [OFFER]}))[0] == 403


# where documents go


async def test_a_document_that_was_accepted_lies_in_the_persons_drive(teams: TeamsDouble, hand: Hand, bot: Bot) -> None:
    teams.show(HOME.conversation, {"type": "message", "attachments": [OFFER]})
    await hand.accept()
    assert hand.document("data.json") is None
    address = bot.heard[0]["value"]["uploadInfo"]["uploadUrl"]
    span = {"Content-Range": "bytes 0-2/3"}
    async with aiohttp.ClientSession() as session, session.put(address, data=b"abc", headers=span) as response:
        assert response.status == 201
    assert hand.document("data.json") == b"abc"
