"""Everything that answers invokes, over a book that keeps what it is told."""

from datetime import timedelta
from typing import Any

import orjson

from bot.audit import Action, Entry
from bot.store.opinions import Opinion
from bot.store.rows import Arrival, StoreAway
from bot.teams.activity import parse
from bot.teams.consent import Consent
from bot.teams.endpoint import written
from bot.teams.feedback import Feedback
from bot.teams.invoke import PATIENCE, Invokes
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import Speech
from tests.bot.teams.test_extension import House
from tests.world.people import TENANT
from tests.world.teams import TeamsDouble

PERIOD = timedelta(days=90)


class Book:
    """What was left behind; `away` while the database does not commit, `left` calls before it is."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []
        self.opinions: list[Opinion] = []
        self.arrivals: list[Arrival] = []
        self.dropped: list[tuple[str, str, str]] = []
        self.keys: set[tuple[str, str, str]] = set()
        self.resumed: list[tuple[str, str]] = []
        self.away = False
        self.left = 1_000

    async def write(self, entry: Entry) -> None:
        self._open()
        self.rows.append(entry)

    async def keep(self, opinion: Opinion) -> None:
        self._open()
        self.opinions.append(opinion)

    async def accept(self, arrival: Arrival) -> None:
        self._open()
        self.arrivals.append(arrival)

    async def drop(self, tenant: str, person: str, key: str) -> None:
        self._open()
        self.dropped.append((tenant, person, key))

    async def exchanged(self, tenant: str, person: str, key: str) -> bool:
        self._open()
        known = (tenant, person, key) in self.keys
        self.keys.add((tenant, person, key))
        return not known

    async def resume(self, tenant: str, person: str) -> int:
        self._open()
        self.resumed.append((tenant, person))
        return 1

    def _open(self) -> None:
        self.left -= 1
        if self.away or self.left < 0:
            raise StoreAway

    @property
    def actions(self) -> list[Action]:
        return [row.action for row in self.rows]


async def period(tenant: str) -> timedelta:
    return PERIOD


def a_house(
    spoken: Speech, clock: Clock, book: Book, tenants: frozenset[str] = frozenset({TENANT}), patience: float = PATIENCE
) -> Invokes:
    """Everything that answers invokes."""
    consent = Consent(book.accept, book.drop, clock.now)
    feedback = Feedback(book.keep, book.write, period, clock.now)
    return Invokes(
        spoken.adapter, spoken.sign_in, House().extension, consent, feedback, book, tenants, clock.now, patience
    )


async def answered(invokes: Invokes, teams: TeamsDouble, activity: dict[str, Any]) -> tuple[int, bytes]:
    """Status and body as they go out."""
    response = written(await invokes(parse(orjson.dumps({**activity, "serviceUrl": teams.url}))))
    body = response.body
    assert body is None or isinstance(body, bytes)
    return response.status, body or b""
