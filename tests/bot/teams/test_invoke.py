import hashlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from bot.audit import Action, Entry, Outcome
from bot.store.rows import StoreAway
from bot.teams.activity import parse
from bot.teams.endpoint import written
from bot.teams.invoke import Invokes
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.bot.teams.test_extension import CHOSEN, House
from tests.world import activities
from tests.world.faults import status
from tests.world.people import ADA, TENANT, THREAD, personal
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble, plain_token

HOME = personal(ADA)


@pytest.fixture
async def users() -> AsyncIterator[TokenServiceDouble]:
    async with TokenServiceDouble() as users:
        yield users


class Book:
    """The audit rows that were written; `away` while the database does not commit."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []
        self.away = False

    async def write(self, entry: Entry) -> None:
        if self.away:
            raise StoreAway
        self.rows.append(entry)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def invokes(
    session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> Invokes:
    spoken = speech(session, clock, teams.url, users.url)
    return Invokes(spoken.adapter, spoken.sign_in, House().extension, book.write, clock.now)


async def answered(invokes: Invokes, teams: TeamsDouble, activity: dict[str, Any]) -> tuple[int, bytes]:
    """Status and body as they go out."""
    response = written(await invokes(parse(orjson.dumps({**activity, "serviceUrl": teams.url}))))
    body = response.body
    assert body is None or isinstance(body, bytes)
    return response.status, body or b""


def submitted(value: Any) -> dict[str, Any]:
    return activities.invoke(HOME, ADA, "message/submitAction", value)


def thumb(reaction: Any = "like", feedback: Any = '{"feedbackText":"wrong"}') -> dict[str, Any]:
    return {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": feedback}}


@pytest.mark.parametrize(
    ("value", "action"),
    [
        (thumb("like"), Action.LIKE),
        (thumb("dislike"), Action.DISLIKE),
        (thumb("dislike", "plain text"), Action.DISLIKE),
        (thumb("like", ""), Action.LIKE),
        (thumb("like", None), Action.LIKE),
        ({"data": thumb("like")}, Action.LIKE),
        ({"data": thumb("dislike")}, Action.DISLIKE),
    ],
)
async def test_a_thumb_is_kept_and_answered_with_nothing(
    invokes: Invokes, teams: TeamsDouble, book: Book, value: Any, action: Action
) -> None:
    assert await answered(invokes, teams, submitted(value)) == (200, b"")
    assert [row.action for row in book.rows] == [action]


async def test_a_thumb_is_kept_without_a_word_of_it(
    invokes: Invokes, teams: TeamsDouble, book: Book, clock: Clock
) -> None:
    await answered(invokes, teams, activities.feedback(THREAD, ADA, "1", "dislike", "SECRET"))
    conversation = hashlib.sha256(THREAD.conversation.encode()).hexdigest()[:32]
    assert book.rows == [Entry(clock.now(), TENANT, ADA.id, "channel", conversation, Action.DISLIKE, Outcome.OK)]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "feedback",
        [],
        {},
        {"actionName": "other", "actionValue": {"reaction": "like"}},
        {"actionName": "feedback"},
        {"actionName": "feedback", "actionValue": "like"},
        thumb("love"),
        thumb(["like"]),
        thumb(None),
        {"data": "feedback"},
    ],
)
async def test_what_is_no_thumb_is_a_bad_request(invokes: Invokes, teams: TeamsDouble, book: Book, value: Any) -> None:
    assert await answered(invokes, teams, submitted(value)) == (400, b'{"error":{"code":"BadRequest"}}')
    assert book.rows == []


async def test_a_thumb_that_could_not_be_kept_is_not_acknowledged(
    invokes: Invokes, teams: TeamsDouble, book: Book
) -> None:
    book.away = True
    with pytest.raises(StoreAway):
        await answered(invokes, teams, submitted(thumb()))


async def test_a_clients_token_is_exchanged(invokes: Invokes, teams: TeamsDouble) -> None:
    offer = activities.token_exchange(HOME, ADA, plain_token(ADA), "X")
    assert await answered(invokes, teams, offer) == (200, b'{"id":"X","connectionName":"sso"}')


async def test_every_client_that_offers_is_told_the_same(invokes: Invokes, teams: TeamsDouble) -> None:
    offers = [activities.token_exchange(HOME, ADA, plain_token(ADA), "X") for _ in range(3)]
    assert [await answered(invokes, teams, offer) for offer in offers] == [
        (200, b'{"id":"X","connectionName":"sso"}')
    ] * 3


FAILED = b'{"id":"X","connectionName":"sso","failureDetail":"The token was not exchanged."}'


async def test_without_consent_the_client_is_sent_to_ask_for_it(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    users.withhold(ADA)
    offer = activities.token_exchange(HOME, ADA, plain_token(ADA), "X")
    assert await answered(invokes, teams, offer) == (412, FAILED)


async def test_a_token_service_that_fails_is_a_failed_exchange(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    users.faults.add(status(500), of="exchange")
    offer = activities.token_exchange(HOME, ADA, plain_token(ADA), "X")
    assert await answered(invokes, teams, offer) == (412, FAILED)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "token",
        {"id": "X", "connectionName": "graph", "token": "t"},
        {"id": "X", "connectionName": "sso"},
        {"id": "X", "connectionName": "sso", "token": ""},
        {"id": "X", "connectionName": "sso", "token": 5},
        {"id": "X", "connectionName": ["sso"], "token": "t"},
        {"id": "X", "connectionName": "sso", "token": "t" * 20_000},
    ],
)
async def test_an_offer_for_another_connection_or_without_a_token_is_a_bad_request(
    invokes: Invokes, teams: TeamsDouble, value: Any
) -> None:
    offer = activities.invoke(HOME, ADA, "signin/tokenExchange", value)
    assert await answered(invokes, teams, offer) == (400, b'{"error":{"code":"BadRequest"}}')


async def test_a_magic_code_is_accepted(invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble) -> None:
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, users.code(ADA))) == (200, b"")


async def test_a_wrong_magic_code_is_not(invokes: Invokes, teams: TeamsDouble) -> None:
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, "000000")) == (412, b"")


@pytest.mark.parametrize("value", [None, {}, {"state": ""}, {"state": 5}, {"state": "x" * 101}, "123456"])
async def test_without_a_code_there_is_nothing_to_verify(invokes: Invokes, teams: TeamsDouble, value: Any) -> None:
    sent = activities.invoke(HOME, ADA, "signin/verifyState", value)
    assert await answered(invokes, teams, sent) == (404, b"")


async def test_a_failed_sign_in_is_acknowledged(invokes: Invokes, teams: TeamsDouble) -> None:
    assert await answered(invokes, teams, activities.signin_failure(HOME, ADA)) == (200, b"")


async def test_an_action_no_card_of_ours_has_is_told_so(invokes: Invokes, teams: TeamsDouble) -> None:
    assert await answered(invokes, teams, activities.card_action(HOME, ADA, "refresh")) == (
        200,
        b'{"statusCode":400,"type":"application/vnd.microsoft.error",'
        b'"value":{"code":"BadRequest","message":"This card has no such action."}}',
    )


@pytest.mark.parametrize("name", ["", "message/fetchTask", "composeExtension/query", "__class__", "signin/other"])
async def test_an_invoke_nobody_knows_is_a_bad_request(invokes: Invokes, teams: TeamsDouble, name: str) -> None:
    sent = activities.invoke(HOME, ADA, name, {})
    assert await answered(invokes, teams, sent) == (400, b'{"error":{"code":"UnknownInvoke"}}')


async def test_the_action_on_a_message_is_answered_with_a_window(invokes: Invokes, teams: TeamsDouble) -> None:
    status, body = await answered(invokes, teams, CHOSEN)
    assert status == 200 and orjson.loads(body)["task"]["type"] == "continue"


@pytest.mark.parametrize("name", ["composeExtension/fetchTask", "composeExtension/submitAction"])
async def test_somebody_elses_action_is_refused(invokes: Invokes, teams: TeamsDouble, name: str) -> None:
    activity = activities.invoke(THREAD, ADA, name, {"commandId": "other"})
    assert await answered(invokes, teams, activity) == (400, b'{"error":{"code":"UnknownCommand"}}')
