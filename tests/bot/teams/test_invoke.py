import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import jwt
import orjson
import pytest

from bot.audit import Action, Outcome
from bot.store.rows import StoreAway
from bot.teams.invoke import Invokes
from bot.telemetry import Writer
from tests.bot.teams.clock import Clock
from tests.bot.teams.invoking import Book, a_house, answered
from tests.bot.teams.speech import Speech
from tests.bot.teams.test_extension import CHOSEN
from tests.world import activities
from tests.world.faults import Hang, status
from tests.world.people import ADA, BRUNO, GROUP, OTHER_TENANT, TENANT, THREAD, Room, Someone, personal
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble, plain_token

HOME = personal(ADA)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """The log as it is written."""
    found: list[str] = []
    logger, writer = logging.getLogger("bot.teams.invoke"), Writer(found.append)
    logger.addHandler(writer)
    yield found
    logger.removeHandler(writer)


GOOD = (200, b'{"id":"X","connectionName":"sso"}')
FAILED = (412, b'{"id":"X","connectionName":"sso","failureDetail":"The token was not exchanged."}')
NOT_OURS = (412, b'{"id":"X","connectionName":"sso","failureDetail":"The token is not for the person who sent it."}')


def offer(token: str = "", person: Someone = ADA, room: Room = HOME, id: str = "X") -> dict[str, Any]:
    return activities.token_exchange(room, person, token or plain_token(person), id)


def a_token(**claims: Any) -> str:
    """Ada's token with other claims; None leaves one out."""
    usual = {"oid": ADA.id, "tid": TENANT, "exp": 2_000_000_000, **claims}
    kept = {name: value for name, value in usual.items() if value is not None}
    return jwt.encode(kept, "a secret that is long enough for HS256", algorithm="HS256")


# signin/tokenExchange


async def test_a_clients_token_is_exchanged(invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble) -> None:
    assert await answered(invokes, teams, offer()) == GOOD
    assert users.signed_in(ADA)


@pytest.mark.parametrize("room", [HOME, GROUP, THREAD], ids=["personal", "group", "channel"])
async def test_what_waits_for_the_person_is_resumed_and_the_sign_in_is_on_record(
    invokes: Invokes, teams: TeamsDouble, book: Book, clock: Clock, room: Room
) -> None:
    await answered(invokes, teams, offer(room=room))
    assert book.resumed == [(TENANT, ADA.id)]
    (row,) = book.rows
    assert (row.action, row.outcome, row.person, row.at) == (Action.SIGN_IN, Outcome.OK, ADA.id, clock.now())


async def test_every_client_is_answered_by_its_own_exchange_and_the_sign_in_counts_once(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    found = await asyncio.gather(*(answered(invokes, teams, offer()) for _ in range(4)))
    assert found == [GOOD] * 4
    assert users.count(ADA, "exchanged") == 4
    assert book.actions == [Action.SIGN_IN]


async def test_the_next_sign_in_counts_again(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    for id in ("X", "Y"):
        await answered(invokes, teams, offer(id=id))
    assert book.actions == [Action.SIGN_IN] * 2


async def test_two_people_with_one_id_both_sign_in(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    for person in (ADA, BRUNO):
        assert await answered(invokes, teams, offer(person=person)) == GOOD
    assert book.resumed == [(TENANT, ADA.id), (TENANT, BRUNO.id)]
    assert len(book.rows) == 2


async def test_the_store_is_not_told_the_clients_id(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    await answered(invokes, teams, offer(id="SECRET"))
    assert book.keys and not any("SECRET" in key for _, _, key in book.keys)


@pytest.mark.parametrize("left", [0, 1, 2])
async def test_a_sign_in_that_could_not_be_noted_is_not_answered_and_counts_when_it_is_repeated(
    invokes: Invokes, teams: TeamsDouble, book: Book, left: int
) -> None:
    book.left = left
    with pytest.raises(StoreAway):
        await answered(invokes, teams, offer())
    book.left = 1_000
    book.resumed.clear()
    assert await answered(invokes, teams, offer()) == GOOD
    assert book.resumed == [(TENANT, ADA.id)]


async def test_without_consent_the_client_is_sent_to_ask_for_it(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    users.withhold(ADA)
    assert await answered(invokes, teams, offer()) == FAILED
    assert (book.resumed, book.rows) == ([], [])


@pytest.mark.parametrize("code", [400, 404, 412])
async def test_a_token_that_the_service_does_not_exchange_sends_the_client_to_the_card(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book, code: int
) -> None:
    users.faults.add(status(code), of="exchange", times=None)
    assert await answered(invokes, teams, offer()) == FAILED
    assert book.resumed == []


AWAY = (503, b'{"error":{"code":"Unavailable"}}')


@pytest.mark.parametrize("code", [401, 403, 429, 500, 503])
async def test_a_token_service_that_fails_shows_nobody_a_card(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book, lines: list[str], code: int
) -> None:
    users.faults.add(status(code), of="exchange", times=None)
    assert await answered(invokes, teams, offer()) == AWAY
    assert (book.resumed, json.loads(lines[0])["cause"]) == ([], "tokenserviceaway")


async def test_once_the_service_is_back_the_same_offer_signs_in(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    users.faults.add(status(500), of="exchange", times=2)
    found = [await answered(invokes, teams, offer()) for _ in range(3)]
    assert (found, book.actions) == ([AWAY, AWAY, GOOD], [Action.SIGN_IN])


async def test_a_token_service_that_does_not_answer_in_time_is_away(
    spoken: Speech, teams: TeamsDouble, users: TokenServiceDouble, book: Book, clock: Clock
) -> None:
    hang = users.faults.add(Hang(), of="exchange")
    invokes = a_house(spoken, clock, book, patience=0.05)
    async with asyncio.timeout(5):
        assert await answered(invokes, teams, offer()) == AWAY
    hang.release()


# offers that come late


async def test_a_late_offer_does_not_undo_a_sign_out(
    invokes: Invokes, spoken: Speech, teams: TeamsDouble, users: TokenServiceDouble, book: Book, lines: list[str]
) -> None:
    await answered(invokes, teams, offer())
    await spoken.sign_in.sign_out(ADA.teams)
    assert [await answered(invokes, teams, offer()) for _ in range(10)] == [FAILED] * 10
    assert (users.signed_in(ADA), users.count(ADA, "exchanged"), len(book.resumed)) == (False, 1, 1)
    assert {json.loads(line)["cause"] for line in lines} == {"attemptspent"}


async def test_whoever_is_signed_in_again_after_a_sign_out_is_on_record_again(
    invokes: Invokes, spoken: Speech, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    await answered(invokes, teams, offer())
    await spoken.sign_in.sign_out(ADA.teams)
    assert (await answered(invokes, teams, offer(id="never offered")))[0] == 200
    assert book.actions == [Action.SIGN_IN] * 2


async def test_a_late_offer_of_who_is_still_signed_in_is_exchanged(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    found = [await answered(invokes, teams, offer()) for _ in range(12)]
    assert (found, users.count(ADA, "exchanged"), book.actions) == ([GOOD] * 12, 12, [Action.SIGN_IN])


async def test_who_is_signed_in_with_anothers_account_is_not_signed_in(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    await answered(invokes, teams, offer())
    users.sign_in(ADA, plain_token(BRUNO))
    assert await answered(invokes, teams, offer()) == FAILED


async def test_a_client_whose_offer_is_under_way_is_not_late(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    hang = users.faults.add(Hang(), of="exchange")
    first = asyncio.create_task(answered(invokes, teams, offer()))
    await asyncio.wait_for(hang.reached.wait(), 5)
    assert await answered(invokes, teams, offer()) == GOOD
    hang.release()
    assert (await first, book.actions) == (GOOD, [Action.SIGN_IN])


async def test_an_attempt_is_not_tried_for_ever(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    users.withhold(ADA)
    for _ in range(12):
        assert await answered(invokes, teams, offer()) == FAILED
    assert users.count(ADA, "refused") == 8


async def test_what_a_late_offer_needs_to_know_may_be_away_too(
    invokes: Invokes, spoken: Speech, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    await answered(invokes, teams, offer())
    users.faults.add(status(503), of="get", times=None)
    assert await answered(invokes, teams, offer()) == AWAY


@pytest.mark.parametrize(
    "token",
    [
        plain_token(BRUNO),
        a_token(tid=OTHER_TENANT),
        a_token(oid=None),
        a_token(tid=None),
        a_token(oid=5),
        a_token(tid=[TENANT]),
        a_token(oid=""),
        "no token",
        "a.b.c",
    ],
)
async def test_a_token_of_somebody_else_is_not_even_exchanged(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book, token: str
) -> None:
    assert await answered(invokes, teams, offer(token)) == NOT_OURS
    assert (users.count(ADA, "exchanged"), users.count(ADA, "refused"), book.resumed) == (0, 0, [])


async def test_who_has_no_entra_id_cannot_sign_in(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    sent = offer(a_token(oid=""))
    del sent["from"]["aadObjectId"]
    assert await answered(invokes, teams, sent) == NOT_OURS
    assert users.count(ADA, "refused") == 0


async def test_ids_may_be_written_in_capitals(invokes: Invokes, teams: TeamsDouble) -> None:
    sent = offer(a_token(tid=TENANT.upper()))
    sent["from"]["aadObjectId"] = ADA.id.upper()
    assert await answered(invokes, teams, sent) == GOOD


@pytest.mark.parametrize(("tenant", "expected"), [(TENANT, GOOD), (OTHER_TENANT, NOT_OURS)])
async def test_where_no_tenants_are_named_the_token_must_be_of_the_conversations(
    spoken: Speech, teams: TeamsDouble, book: Book, clock: Clock, tenant: str, expected: tuple[int, bytes]
) -> None:
    invokes = a_house(spoken, clock, book, frozenset())
    assert await answered(invokes, teams, offer(a_token(tid=tenant))) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "token",
        {"id": "X", "connectionName": "graph", "token": "t"},
        {"id": "X", "token": "t"},
        {"id": "X", "connectionName": "sso"},
        {"id": "X", "connectionName": "sso", "token": ""},
        {"id": "X", "connectionName": "sso", "token": 5},
        {"id": "X", "connectionName": ["sso"], "token": "t"},
        {"id": "X", "connectionName": "sso", "token": "t" * 20_000},
        {"connectionName": "sso", "token": "t"},
        {"id": 5, "connectionName": "sso", "token": "t"},
        {"id": "X" * 501, "connectionName": "sso", "token": "t"},
    ],
)
async def test_an_offer_for_another_connection_or_without_a_token_is_a_bad_request(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, value: Any
) -> None:
    sent = activities.invoke(HOME, ADA, "signin/tokenExchange", value)
    assert await answered(invokes, teams, sent) == (400, b'{"error":{"code":"BadRequest"}}')
    assert users.count(ADA, "refused") == 0


async def test_a_good_token_for_another_connection_is_not_exchanged(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    sent = activities.token_exchange(HOME, ADA, plain_token(ADA), "X", connection="graph")
    assert (await answered(invokes, teams, sent))[0] == 400
    assert not users.signed_in(ADA)


# signin/verifyState


async def test_a_magic_code_signs_in_and_resumes_what_waits(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, users.code(ADA))) == (200, b"")
    assert (users.signed_in(ADA), book.resumed, book.actions) == (True, [(TENANT, ADA.id)], [Action.SIGN_IN])


async def test_a_wrong_magic_code_does_not(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, "000000")) == (412, b"")
    assert (users.signed_in(ADA), book.resumed) == (False, [])


async def test_somebody_elses_magic_code_does_not(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, users.code(BRUNO))) == (412, b"")
    assert (users.signed_in(ADA), users.signed_in(BRUNO), book.resumed) == (False, False, [])


async def test_who_signs_in_with_another_account_is_not_signed_in_and_its_token_is_forgotten(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    code = users.code(ADA, account=BRUNO)
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, code)) == (412, b"")
    assert (users.signed_in(ADA), users.count(ADA, "signed out"), book.resumed) == (False, 1, [])


async def test_a_code_that_the_service_cannot_check_is_not_accepted(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble
) -> None:
    users.faults.add(status(503), of="get", times=None)
    assert await answered(invokes, teams, activities.verify_state(HOME, ADA, users.code(ADA))) == AWAY


@pytest.mark.parametrize("code", [404, 503])
async def test_anothers_account_that_cannot_be_forgotten_is_not_accepted_and_that_is_logged(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book, lines: list[str], code: int
) -> None:
    users.faults.add(status(code), of="out", times=None)
    sent = activities.verify_state(HOME, ADA, users.code(ADA, account=BRUNO))
    assert await answered(invokes, teams, sent) == (412, b"")
    assert (book.resumed, json.loads(lines[0])["cause"]) == ([], "tokenofanotherkept")


async def test_a_code_whose_effect_could_not_be_noted_is_not_acknowledged(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, book: Book
) -> None:
    book.away = True
    with pytest.raises(StoreAway):
        await answered(invokes, teams, activities.verify_state(HOME, ADA, users.code(ADA)))


@pytest.mark.parametrize("value", [None, {}, {"state": ""}, {"state": 5}, {"state": "x" * 101}, "123456"])
async def test_without_a_code_there_is_nothing_to_verify(invokes: Invokes, teams: TeamsDouble, value: Any) -> None:
    sent = activities.invoke(HOME, ADA, "signin/verifyState", value)
    assert await answered(invokes, teams, sent) == (404, b"")


# signin/failure

CODES = [
    "installappfailed",
    "authrequestfailed",
    "installedappnotfound",
    "invokeerror",
    "resourcematchfailed",
    "oauthcardnotvalid",
    "tokenmissing",
]


@pytest.mark.parametrize("code", CODES)
async def test_a_client_that_could_not_sign_in_is_heard_and_its_code_is_logged(
    invokes: Invokes, teams: TeamsDouble, lines: list[str], code: str
) -> None:
    assert await answered(invokes, teams, activities.signin_failure(HOME, ADA, code)) == (200, b"")
    (found,) = map(json.loads, lines)
    assert (found["event"], found["cause"], found["person"]) == ("sign in failed", code, ADA.id)


@pytest.mark.parametrize(
    "code", ["other", "userconsentrequired", "tokenofanother", "SECRET", "secret words", 5, None, ["x"]]
)
async def test_of_a_code_that_nobody_knows_nothing_is_logged(
    invokes: Invokes, teams: TeamsDouble, lines: list[str], code: Any
) -> None:
    sent = activities.invoke(HOME, ADA, "signin/failure", {"code": code, "message": "SECRET"})
    assert await answered(invokes, teams, sent) == (200, b"")
    assert json.loads(lines[0])["cause"] == "other" and "SECRET" not in lines[0]


async def test_why_nobody_was_signed_in_is_logged_without_a_word_of_what_was_sent(
    invokes: Invokes, teams: TeamsDouble, users: TokenServiceDouble, lines: list[str]
) -> None:
    token = plain_token(ADA)
    users.withhold(ADA)
    sent = (offer(plain_token(BRUNO)), offer(token), activities.verify_state(HOME, ADA, "990011"))
    for each in (*sent, activities.verify_state(HOME, ADA, users.code(ADA, account=BRUNO))):
        await answered(invokes, teams, each)
    causes = ["tokenofanother", "tokennotexchanged", "codenotredeemed", "tokenofanother"]
    assert [json.loads(line)["cause"] for line in lines] == causes
    assert not any(secret in "".join(lines) for secret in (token, "990011", ADA.name, ADA.mail, ADA.teams))


@pytest.mark.parametrize("value", [None, "x", [], 5])
async def test_a_failure_that_says_nothing_is_heard_too(invokes: Invokes, teams: TeamsDouble, value: Any) -> None:
    sent = activities.invoke(HOME, ADA, "signin/failure", value)
    assert await answered(invokes, teams, sent) == (200, b"")


async def test_a_failed_client_shows_the_person_nothing(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    await answered(invokes, teams, activities.signin_failure(HOME, ADA))
    assert (teams.conversations, book.resumed, book.rows) == ([], [], [])


# all others


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
