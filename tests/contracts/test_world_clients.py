"""The clients double: what a person's Teams clients do with a card to sign in with (facts S5)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.contracts.wire import Wire
from tests.world.activities import Activity
from tests.world.clients import CARD, Clients
from tests.world.people import ADA, BRUNO, GROUP, THREAD, Room, base, personal
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble, plain_token

HOME = personal(ADA)


@dataclass
class Bot:
    """Answers every client as it is told to, once all of them have asked."""

    status: int = 200
    together: int = 1
    heard: list[tuple[int, Activity]] = field(default_factory=list)
    all: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, activity: Activity, number: int) -> tuple[int, bytes]:
        self.heard.append((number, activity))
        if len(self.heard) >= self.together:
            self.all.set()
        async with asyncio.timeout(5):
            await self.all.wait()
        return self.status, b""

    @property
    def names(self) -> list[str]:
        return [activity["name"] for _, activity in self.heard]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble() as double:
        yield double


@pytest.fixture
async def connector(teams: TeamsDouble) -> AsyncIterator[Wire]:
    async with Wire(teams.url) as wire:
        yield wire


@pytest.fixture
async def users() -> AsyncIterator[TokenServiceDouble]:
    async with TokenServiceDouble() as double:
        yield double


def clients(teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, count: int = 1) -> Clients:
    return Clients(teams, users, ADA, bot.post, plain_token, count)


def a_card(exchange: str = "attempt") -> dict[str, Any]:
    button = {"type": "signin", "title": "Sign in", "value": "https://token.example/signin"}
    resource = {"tokenExchangeResource": {"id": exchange}} if exchange else {}
    content = {"text": "Sign in", "connectionName": "sso", "buttons": [button], **resource}
    return {"type": "message", "attachments": [{"contentType": CARD, "content": content}]}


async def show(connector: Wire, room: Room, card: dict[str, Any], only: str = "") -> None:
    """The bot shows a card; to one member alone where `only` says whom."""
    query = "?isTargetedActivity=true" if only else ""
    activity = {**card, "recipient": {"id": only}} if only else card
    status, _ = await connector.call("POST", f"/v3/conversations/{room.conversation}/activities{query}", activity)
    assert status == 201


async def test_all_clients_offer_a_token_at_once_under_one_id(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire
) -> None:
    bot.together = 4
    async with clients(teams, users, bot, 4) as ours:
        await show(connector, HOME, a_card())
        await ours.settled()
    assert (ours.statuses, ours.cards, bot.names) == ([200] * 4, [], ["signin/tokenExchange"] * 4)
    assert sorted(number for number, _ in bot.heard) == [0, 1, 2, 3]
    assert {activity["value"]["id"] for _, activity in bot.heard} == {"attempt"}
    assert len({activity["id"] for _, activity in bot.heard}) == 4


async def test_a_targeted_card_is_met_by_its_person_alone(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire
) -> None:
    await show(connector, GROUP, a_card(), BRUNO.teams)
    await show(connector, GROUP, a_card("mine"), ADA.teams)
    assert [card.exchange for card in clients(teams, users, bot).offers] == ["mine"]


async def test_a_card_in_somebody_elses_chat_is_not_met(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire
) -> None:
    await show(connector, personal(BRUNO), a_card())
    assert clients(teams, users, bot).offers == []


@pytest.mark.parametrize("status", [412, 400, 503])
async def test_clients_that_are_refused_show_the_card(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire, status: int
) -> None:
    bot.status = status
    async with clients(teams, users, bot, 2) as ours:
        await show(connector, HOME, a_card())
        card = await ours.shown()
    assert (card.room.conversation, ours.statuses) == (HOME.conversation, [status] * 2)


@pytest.mark.parametrize(("room", "exchange"), [(THREAD, "attempt"), (HOME, ""), (GROUP, "")])
async def test_where_nothing_can_be_done_silently_the_card_is_shown_at_once(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire, room: Room, exchange: str
) -> None:
    async with clients(teams, users, bot) as ours:
        await show(connector, room, a_card(exchange))
        card = await ours.shown()
    assert (base(card.room.conversation), bot.heard) == (base(room.conversation), [])


async def test_who_presses_the_button_consents_and_comes_back_with_a_code(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire
) -> None:
    users.withhold(ADA)
    await show(connector, HOME, a_card())
    ours = clients(teams, users, bot)
    assert await ours.press(await ours.offered()) == 200
    ((_, activity),) = bot.heard
    assert (activity["name"], activity["value"]["state"].isdigit()) == ("signin/verifyState", True)


async def test_clients_may_have_no_token_to_offer(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire
) -> None:
    await show(connector, HOME, a_card())
    ours = clients(teams, users, bot, 2)
    assert await ours.fail(await ours.offered()) == [200, 200]
    assert (bot.names, len(ours.cards)) == (["signin/failure"] * 2, 1)


async def test_what_stood_there_before_is_not_met_again(
    teams: TeamsDouble, users: TokenServiceDouble, bot: Bot, connector: Wire
) -> None:
    await show(connector, HOME, a_card("old"))
    async with clients(teams, users, bot) as ours:
        await show(connector, HOME, a_card("new"))
        await ours.settled()
    assert [activity["value"]["id"] for _, activity in bot.heard] == ["new"]
