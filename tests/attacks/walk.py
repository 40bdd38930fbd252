"""A walk through the house: steps happen, the assistant answers, and every mark that is seen is judged."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bot.teams.members import Admitted
from dialogs.ports import Model, Threads
from dialogs.talk import Ask, Omitted, Person, Place, PlaceKind, Post, Usage, Window
from dialogs.terms import Offer
from tests.attacks.asks import Asks
from tests.attacks.connector import personal
from tests.attacks.echo import Echo
from tests.attacks.markers import POSTED, Leak, marks
from tests.attacks.premises import Hurry, Premises, Wanted
from tests.attacks.sending import buttons
from tests.attacks.steps import Step
from tests.attacks.town import Company, Town
from tests.attacks.wires import Wires
from tests.world.database import empty
from tests.world.people import Someone

BATCH = 150
"""Steps after which everything that is under way comes to its end, and what was seen is judged."""
KEPT = 40
"""Messages of a conversation that the town remembers, and buttons."""
DUE = "UPDATE inbox SET due = now() WHERE tenant = ANY(%s) AND open AND due > now()"
GUESTS = (
    "INSERT INTO rules (tenant, name, value, at, by) VALUES (%s, 'guests', 'allow', now(), '') ON CONFLICT DO NOTHING"
)
Key = tuple[str, str, str]
Hole = Callable[[Wanted], Wanted]
"""Makes the house another one, with something wrong in it."""


def sound(wanted: Wanted) -> Wanted:
    """The house as it is."""
    return wanted


@dataclass(slots=True)
class Chats:
    """What somebody knows in one conversation, by their chats in it; `open` are those that are gone on with."""

    every: list[set[str]] = field(default_factory=lambda: [set()])
    open: list[set[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open = self.open or self.every[-1:]

    def begin(self) -> None:
        """A new chat."""
        self.every.append(set())
        self.open = self.every[-1:]

    def learn(self, found: set[str]) -> None:
        """Something is said in the open one."""
        for each in (self.every[-1], *self.open):
            each.update(found)

    def go_back(self) -> None:
        """An old chat is opened: which one, only the house knows."""
        self.open = list(self.every)


class Witness:
    """Looks on while something is read for somebody."""

    def __init__(self, town: Town, threads: Threads) -> None:
        self._town = town
        self._threads = threads

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """As the threads underneath."""
        async for batch in self._threads.read(person, place, window):
            for post in batch:
                if isinstance(post, Post):
                    self._town.marks.take((self._town.tenant_of(place.home, person), person.id), post.text)
            yield batch


class Walk:
    """One walk. `hole` is what is wrong with the house, for walks that must find it."""

    def __init__(self, seed: int, database: str, home: Path, hole: Hole = sound) -> None:
        self.town = Town(seed)
        self.wires = Wires(self.town)
        self.wires.heard = self._heard
        self.database = database
        wanted = Wanted(self._model, lambda threads, roster: Witness(self.town, threads), Admitted)
        self.premises = Premises(database, home, self.wires, hole(wanted))
        self.asked = 0
        self._chats: defaultdict[Key, Chats] = defaultdict(Chats)
        self._at: dict[tuple[str, str, str], list[set[str]]] = {}
        self._asks = Asks(self.town, self.wires, self.premises.post, self._told)

    async def run(self, steps: Sequence[Step]) -> None:
        """All steps. Raises `Leak` with the first batch in which something was seen that must not be."""
        await self._rule()
        await self.premises.open()
        try:
            for start in range(0, len(steps), BATCH):
                await self._batch(steps[start : start + BATCH], start + BATCH)
        finally:
            await self.premises.close()

    async def _batch(self, steps: Sequence[Step], end: int) -> None:
        for step in steps:
            if step.verb == "restart":
                await self.premises.close()
                await self.premises.open()
            elif step.verb == "due":
                await self._fall_due()
            else:
                await self._asks.happen(step)
        await self.premises.calm()
        if self.town.marks.leaks:
            raise Leak("\n".join(dict.fromkeys(self.town.marks.leaks)), end)
        self.town.marks.calm()

    async def _rule(self) -> None:
        """One of the companies lets its guests ask."""
        async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as connection:
            await connection.execute(GUESTS, (self.town.companies[0].id,))

    async def _fall_due(self) -> None:
        async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as connection:
            await connection.execute(DUE, ([company.id for company in self.town.companies],))
            await connection.execute("SELECT pg_notify('parley', '')")

    def _told(self, company: Company, one: Someone, conversation: str, id: str, text: str, *, file: str = "") -> None:
        """Somebody is about to ask."""
        self.asked += 1
        who, all_there = (company.id, one.id), set(marks(text))
        # Who presses another's button says what stands on it, however they came by that.
        self.town.marks.known[who].update(all_there)
        home = conversation.partition(";")[0]
        if text.startswith("post "):
            self.town.marks.press(who, home, self.town.step)
        if self.town.spot(company.id, home):
            self.town.marks.standing[home].update(all_there)
        known = self._chats[company.id, conversation, one.id]
        if text == "new chat" and one.teams in self.town.signed and one not in company.guests:
            known.begin()
        if text.startswith("chats open"):
            known.go_back()
        theirs = all_there | set(marks(file))
        self._at[company.id, conversation, id] = [*known.open, theirs]
        if not aside(text, conversation):
            known.learn(theirs)

    def _model(self, ask: Ask, offer: Offer | None, meter: Callable[[Usage], None]) -> Model:
        return Echo(ask, meter, self._look)

    def _look(self, ask: Ask, told: str) -> None:
        tenant, person = ask.person.tenant, ask.person.id
        key = (tenant, ask.place.conversation, person)
        known = self._at.get((tenant, ask.place.conversation, ask.id), self._chats[key].every)
        personal = ask.place.kind is PlaceKind.PERSONAL
        self.town.marks.prompt(
            (tenant, person), told, set().union(*known), ask.place.home, personal=personal, alone=ask.alone
        )
        if personal or not ask.alone:
            for each in known:
                each.update(marks(told))

    def _posted(self, company: Company, conversation: str, body: dict[str, Any]) -> None:
        """What somebody had made for their eyes alone and then posts is a part of what is said there with them."""
        shown = json.dumps(body, ensure_ascii=False)
        poster = str((body.get("recipient") or {}).get("aadObjectId", ""))
        if POSTED in shown and (company.id, poster) in self.town.marks.willing:
            for each in self._chats[company.id, conversation, poster].every:
                each.update(marks(shown))

    def _heard(self, region: str, conversation: str, body: dict[str, Any], only: str) -> None:
        """Something is shown."""
        company = next(one for one in self.town.companies if one.region == region)
        home = conversation.partition(";")[0]
        spot = self.town.spot(company.id, home)
        people = self.town.anybody(company.id)
        self._posted(company, conversation, body)
        if only:
            seen = [one for one in people if one.teams == only]
        else:
            seen = list(spot.everybody()) if spot else [one for one in people if personal(region, one.teams) == home]
        self.town.marks.show(
            company.id,
            [(company.id, one.id) for one in seen],
            json.dumps(body, ensure_ascii=False),
            spot.id if spot and not only else "",
        )
        offers = self.wires.offers[region, conversation]
        offers += [(only or (seen[0].teams if seen and not spot else ""), data) for _, data in buttons(body)]
        del offers[:-KEPT]
        here = self.wires.teams.stock[region, home]
        while len(here) > KEPT:
            del here[next(iter(here))]


def aside(text: str, conversation: str) -> bool:
    """Whether something is asked for one pair of eyes among others: then it is no part of what is said there."""
    return text.startswith("privately") and not conversation.startswith("a:")


def walked(seed: int, steps: Sequence[Step], database: str, home: Path, hole: Hole = sound) -> Walk:
    """A walk that is over, on a database that it empties first. Raises `Leak`."""
    empty(database)
    walk = Walk(seed, database, home, hole)
    with asyncio.Runner(loop_factory=Hurry) as runner:
        runner.run(walk.run(steps))
    return walk
