"""What a person says to the card that offers a document."""

import asyncio
from typing import Any

import orjson
import pytest

from bot.store.rows import StoreAway
from bot.teams.errands import read
from bot.teams.invoke import Invokes
from dialogs.shelves import Upload
from dialogs.talk import Event, PlaceKind
from tests.bot.teams.clock import Clock
from tests.bot.teams.invoking import Book, answered
from tests.world import activities
from tests.world.faults import status
from tests.world.people import ADA, GROUP, TENANT, personal
from tests.world.teams import TeamsDouble

HOME = personal(ADA)
KEY = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret
INFO = {
    "contentUrl": "https://contoso-my.sharepoint.com/personal/ada/Documents/Applications/data.json",
    "name": "data.json",
    "uploadUrl": "https://contoso-my.sharepoint.com/personal/ada/_api/v2.0/drive/items/1/uploadSession?guid=1",
    "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C8C",
    "fileType": "json",
}
UPLOAD = Upload(KEY, "data.json", INFO["uploadUrl"], INFO["contentUrl"], INFO["uniqueId"], "json")
REFUSED = (400, b'{"error":{"code":"BadRequest"}}')


def said(info: Any = INFO, context: Any = None, room: Any = HOME, to: str = "") -> dict[str, Any]:
    return activities.file_consent(room, ADA, to, {"key": KEY} if context is None else context, info)


@pytest.mark.parametrize("context", [{"key": KEY}, orjson.dumps({"key": KEY}).decode()])
async def test_an_accepted_document_is_an_errand_of_the_person(
    invokes: Invokes, teams: TeamsDouble, book: Book, clock: Clock, context: Any
) -> None:
    assert await answered(invokes, teams, said(context=context)) == (200, b"")
    (arrival,) = book.arrivals
    ask = read(arrival.body)
    assert (arrival.tenant, arrival.conversation, arrival.person) == (TENANT, HOME.conversation, ADA.id)
    assert (arrival.activity, arrival.due, arrival.at) == (ask.id, None, clock.now())
    assert (ask.event, ask.person.id, ask.place.kind) == (Event.HANDOVER, ADA.id, PlaceKind.PERSONAL)
    assert Upload(**orjson.loads(ask.text)) == UPLOAD


async def test_the_same_consent_is_the_same_errand_wherever_it_arrives(
    invokes: Invokes, teams: TeamsDouble, book: Book
) -> None:
    await asyncio.gather(*(answered(invokes, teams, said()) for _ in range(3)))
    assert len({arrival.activity for arrival in book.arrivals}) == 1


async def test_another_address_is_another_errand(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    await answered(invokes, teams, said())
    await answered(invokes, teams, said({**INFO, "uploadUrl": "https://contoso-my.sharepoint.com/2"}))
    assert len({arrival.activity for arrival in book.arrivals}) == 2


async def test_a_declined_document_is_thrown_away(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    assert await answered(invokes, teams, said(None)) == (200, b"")
    assert (book.dropped, book.arrivals) == ([(TENANT, ADA.id, KEY)], [])


async def test_the_card_is_taken_back(invokes: Invokes, teams: TeamsDouble) -> None:
    id = card(teams)
    await answered(invokes, teams, said(to=id))
    assert [one.id for one in teams.chat(HOME.conversation).deleted] == [id]


async def test_a_card_that_cannot_be_taken_back_may_stay(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    teams.faults.add(status(405), of="delete")
    assert await answered(invokes, teams, said(to=card(teams))) == (200, b"")
    assert len(book.arrivals) == 1


@pytest.mark.parametrize("info", [INFO, None])
async def test_consent_that_could_not_be_kept_is_not_acknowledged_and_the_card_stays(
    invokes: Invokes, teams: TeamsDouble, book: Book, info: Any
) -> None:
    id = card(teams)
    book.away = True
    with pytest.raises(StoreAway):
        await answered(invokes, teams, said(info, to=id))
    assert teams.chat(HOME.conversation).deleted == []


@pytest.mark.parametrize(
    "context",
    ["", "{", "[]", {}, {"key": None}, {"key": 5}, {"key": "0" * 31}, {"key": "G" * 32}, {"key": f"{KEY}\n"}, 5],
)
async def test_a_key_that_is_none_of_ours_is_refused(
    invokes: Invokes, teams: TeamsDouble, book: Book, context: Any
) -> None:
    assert await answered(invokes, teams, said(context=context)) == REFUSED
    assert await answered(invokes, teams, said(None, context)) == REFUSED
    assert (book.arrivals, book.dropped) == ([], [])


@pytest.mark.parametrize(
    "info",
    [
        "upload",
        {"name": "data.json"},
        {**INFO, "uploadUrl": 5},
        {**INFO, "uploadUrl": ""},
        {**INFO, "name": None},
        {**INFO, "name": "a\nb"},
        {**INFO, "name": "x" * 401},
        {**INFO, "uploadUrl": "https://x/" + "x" * 8_000},
        {**INFO, "contentUrl": ["x"]},
        {**INFO, "uniqueId": "x" * 201},
        {**INFO, "fileType": "x" * 201},
    ],
)
async def test_an_address_that_cannot_be_meant_is_refused(
    invokes: Invokes, teams: TeamsDouble, book: Book, info: Any
) -> None:
    value = {"action": "accept", "context": {"key": KEY}, "uploadInfo": info}
    assert await answered(invokes, teams, activities.invoke(HOME, ADA, "fileConsent/invoke", value)) == REFUSED
    assert book.arrivals == []


async def test_what_teams_may_leave_out_is_empty(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    await answered(invokes, teams, said({"name": "data.json", "uploadUrl": "https://up.example/1"}))
    found = Upload(**orjson.loads(read(book.arrivals[0].body).text))
    assert found == Upload(KEY, "data.json", "https://up.example/1", "", "", "")


@pytest.mark.parametrize(
    "value", [None, "accept", [], {"context": {"key": KEY}}, {"action": "x", "context": {"key": KEY}}]
)
async def test_what_is_no_consent_is_refused(invokes: Invokes, teams: TeamsDouble, book: Book, value: Any) -> None:
    assert await answered(invokes, teams, activities.invoke(HOME, ADA, "fileConsent/invoke", value)) == REFUSED


async def test_documents_are_handed_over_one_to_one_only(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    assert await answered(invokes, teams, said(room=GROUP)) == REFUSED


async def test_nobody_without_an_entra_id_is_handed_anything(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    assert await answered(invokes, teams, {**said(), "from": {"id": ADA.teams}}) == REFUSED


def card(teams: TeamsDouble) -> str:
    """A card of ours that stands in the chat; its id."""
    return teams.show(HOME.conversation, {"type": "message", "attachments": []}).id
