"""A person's Teams clients (desktop, phone, browser …), as they meet a card to sign in with (facts S5).

    async with world.clients(ADA, 3, (first.url, second.url)) as clients:    # three clients, two bot processes in turn
        await world.post(message(alone, ADA, "hello"))
        await clients.settled()                       # every client has offered its token and was told how that went
        assert clients.statuses == [200, 200, 200]

    users.withhold(ADA)                               # consent is missing: every offer is answered 412 …
    card = await clients.shown()                      # … and the clients show the card to the person
    assert await clients.press(card) == 200           # who presses its button, consents, and comes back with a code

Inside `async with` the clients act by themselves, as Teams does: a card with a `tokenExchangeResource` outside a channel is
answered by all of them at the same moment, with one id; the card is shown where that fails, or cannot be tried. Without
it a test does each step: `offered()`, `exchange(card)`, `press(card)`, `fail(card)`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tests.world.activities import Activity, signin_failure, token_exchange, verify_state
from tests.world.bell import Bell
from tests.world.door import Refusal
from tests.world.people import Room, Someone, kind
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble

CARD = "application/vnd.microsoft.card.oauth"
LONG = 3600.0

Post = Callable[[Activity, int], Awaitable[tuple[int, bytes]]]
"""Brings an activity from the client of this number (0, 1, …) to a bot: status and body."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A card to sign in with: its message, and where that stands. `only`: who else does not see it, see `Shown.only`."""

    id: str
    room: Room
    only: str
    content: Mapping[str, Any]

    @property
    def exchange(self) -> str:
        """The id by which all clients speak of the same attempt; "" where there is nothing to exchange."""
        return str((self.content.get("tokenExchangeResource") or {}).get("id", ""))

    @property
    def silent(self) -> bool:
        """Whether Teams tries by itself: never in a channel."""
        return bool(self.exchange) and self.room.kind != "channel"

    @property
    def button(self) -> Mapping[str, Any]:
        """Its one button."""
        (button,) = self.content["buttons"]
        return dict(button)


class Clients:
    """`count` clients of one person. `token` makes what each of them offers."""

    def __init__(
        self,
        teams: TeamsDouble,
        users: TokenServiceDouble,
        person: Someone,
        post: Post,
        token: Callable[[Someone], str],
        count: int = 1,
    ) -> None:
        self.person = person
        self.answers: list[tuple[int, bytes]] = []
        """What the bot answered to every offer, in the order in which the answers came."""
        self.cards: list[Offered] = []
        """The cards that the person has before them."""
        self._teams, self._users = teams, users
        self._post, self._token, self._count = post, token, count
        self._met: set[str] = set()
        self._bell = Bell()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._met.update(card.id for card in self.offers)
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        (ended,) = await asyncio.gather(self._task, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended

    @property
    def statuses(self) -> list[int]:
        return [status for status, _ in self.answers]

    @property
    def offers(self) -> list[Offered]:
        """Every card that has come to this person, anywhere, oldest first; whether it is shown is up to the clients."""
        mine = [one for one in self._teams.conversations if self._belongs(one)]
        seen = [(home, message) for home in mine for message in self._teams.chat(home).seen_by(self.person)]
        return [
            Offered(message.id, _room(home, message.thread, self.person), message.only, each["content"])
            for home, message in sorted(seen, key=lambda one: int(one[1].id))
            for each in message.attachments
            if each.get("contentType") == CARD
        ]

    async def offered(self, count: int = 1) -> Offered:
        """Waits until `count` cards have come to the person; the last of them."""
        await self._teams.until(lambda: len(self.offers) >= count)
        return self.offers[count - 1]

    async def settled(self, cards: int = 1) -> None:
        """Waits until all clients have been told of so many cards."""
        await self._until(lambda: len(self.answers) >= cards * self._count)

    async def shown(self, count: int = 1) -> Offered:
        """Waits until the person has so many cards before them; the last of them."""
        await self._until(lambda: len(self.cards) >= count)
        return self.cards[count - 1]

    async def exchange(self, card: Offered, token: str | None = None, connection: str | None = None) -> list[int]:
        """All clients offer a token at the same moment; the statuses. A client that is refused shows the card."""

        async def offer(number: int) -> int:
            mine = self._token(self.person) if token is None else token
            ours = card.content["connectionName"] if connection is None else connection
            offer = token_exchange(card.room, self.person, mine, card.exchange, ours)
            self.answers.append(await self._post(offer, number))
            return self.statuses[-1]

        found = await asyncio.gather(*map(offer, range(self._count)))
        if any(status != 200 for status in found):
            self._show(card)
        self._bell.ring()
        return found

    async def press(self, card: Offered, account: Someone | None = None) -> int:
        """The person presses the button and signs in, as somebody else where `account` says so; the bot's status."""
        assert card.button["type"] == "signin" and card.button["value"].startswith("http")
        self._users.consent(self.person)
        code = self._users.code(self.person, account)
        status, _ = await self._post(verify_state(card.room, self.person, code), 0)
        return status

    async def fail(self, card: Offered, code: str = "installedappnotfound") -> list[int]:
        """No client could get a token; they say so and show the card."""
        told = (self._post(signin_failure(card.room, self.person, code), number) for number in range(self._count))
        self._show(card)
        return [status for status, _ in await asyncio.gather(*told)]

    def _belongs(self, conversation: str) -> bool:
        try:
            self._teams.roster.member(conversation, self.person.teams)
        except Refusal:
            return False
        return True

    def _show(self, card: Offered) -> None:
        if card not in self.cards:
            self.cards.append(card)
        self._bell.ring()

    async def _watch(self) -> None:
        while True:
            await self._teams.until(lambda: bool(self._fresh), LONG)
            for card in self._fresh:
                self._met.add(card.id)
                await (self.exchange(card) if card.silent else self._look(card))

    async def _look(self, card: Offered) -> None:
        self._show(card)

    @property
    def _fresh(self) -> list[Offered]:
        return [card for card in self.offers if card.id not in self._met]

    async def _until(self, come: Callable[[], bool]) -> None:
        await self._bell.until(come, 10, lambda: f"answers {self.statuses}, cards {len(self.cards)}")


def _room(home: str, thread: str, person: Someone) -> Room:
    if kind(home) == "channel":
        return Room("channel", f"{home};messageid={thread}", (person,), channel=home)
    return Room(kind(home), home, (person,))
