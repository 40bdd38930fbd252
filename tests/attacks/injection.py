"""Orders in everything that anybody can write, and a model that obeys: nothing may come of it but words."""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dialogs.ports import Model
from dialogs.talk import Ask, Usage
from dialogs.terms import Offer
from tests.attacks.cells import GROUP, Cell, cells
from tests.attacks.obedient import ORDERS, Obedient, order
from tests.attacks.premises import Hurry, Premises, Wanted
from tests.attacks.report import Report
from tests.attacks.sending import addressed, alone, buttons
from tests.attacks.town import Company, Town
from tests.attacks.wires import Wires
from tests.world import activities
from tests.world.database import empty, fresh, serving

SEED = 3
HASTE = 5.0
"""No more, lest the pool's patience runs out: an ask that is put off would make two runs differ."""
AT_ONCE = 40
"""Cells that ask at the same time."""
NEUTRAL = "and so on, as always."
KEPT: Mapping[str, str] = {
    "audit": "people.person, conversation, place, action, actor, subject, rule, team",
    "digests": "person, home, chat",
    "exports": "DISTINCT ON (person, key) person",  # one a document, in however many pieces it is kept
    "feedback": "person, liked",
    "files": "person, conversation, chat, number",
    "history": "person, conversation, role, chat",
    "inbox": "person, conversation",
    "legal_holds": "person",
    "offers": "person, conversation",
    "people": "person, settings",
    "prompts": "person, team",
    "purses": "person",
    "rules": "name, value",
    "shares": "person, place, audience, posted IS NULL",
    "titles": "person, conversation",
    "usage": "person, model, conversation",
    "visits": "person, home",
}
"""What is kept beside the texts themselves."""
ALIASES = "LEFT JOIN people ON people.tenant = audit.tenant AND people.alias = audit.person"
"""The audit knows people by names that are made by chance."""
PARSER = MarkdownIt("commonmark")
BARE = re.compile(r"https?://[^\s\"\\)\]>]+")


@dataclass(slots=True)
class Effects:
    """What a run did: who was shown something, what they could press, whom it mentions, and what was kept, by cell."""

    seen: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: Counter[str] = field(default_factory=Counter)
    faults: list[BaseException] = field(default_factory=list)

    def note(self, conversation: str, what: str) -> None:
        self.seen[conversation][what] += 1


class Run:
    """One run of all cells."""

    def __init__(self, database: str, home: Path, planted: Callable[[str], str], share: int = 1) -> None:
        self.town = Town(SEED)
        self.cells = cells(self.town, ORDERS, planted, share)
        self.wires = Wires(self.town)
        self.wires.heard = self._heard
        self.wires.graph.broken = {cell.spot.id: cell.broken.encode() for cell in self.cells if cell.broken}
        for cell in self.cells:
            self.wires.texts |= cell.texts
        self.premises = Premises(database, home, self.wires, Wanted(self._model))
        self.effects = Effects()
        self.obeyed: Counter[str] = Counter()
        self._database = database
        self._posts: dict[str, Mapping[str, Any]] = {}

    async def run(self) -> Effects:
        """Everybody asks, each one thing after the other."""
        await self.premises.open()
        try:
            longest = max(len(cell.asks) for cell in self.cells)
            for turn in range(-1, longest):
                for start in range(0, len(self.cells), AT_ONCE):
                    for cell in self.cells[start : start + AT_ONCE]:
                        await self._turn(cell, turn)
                    await self.premises.calm()
        finally:
            await self.premises.close()
        self.effects.faults = self.premises.faults
        self.effects.rows = await kept(self._database)
        return self.effects

    async def _turn(self, cell: Cell, turn: int) -> None:
        company = self.town.companies[0]
        own = alone(company, cell.asker)
        if turn < 0:
            await self._prepared(cell, company)
        elif turn < len(cell.asks):
            where, words = cell.asks[turn]
            room = cell.spot.room() if where == GROUP else own
            post = self._posts.get(cell.spot.id)
            sent = cell.sent if turn == 0 else ()
            activity = (
                activities.pressed(room, cell.asker, post or {"say": "help"})
                if words == "press Post"
                else activities.message(room, cell.asker, words, attachments=sent)
            )
            await self._post(activity, company)

    async def _prepared(self, cell: Cell, company: Company) -> None:
        own = alone(company, cell.asker)
        if cell.fields:
            await self._post(activities.pressed(own, cell.asker, {"say": "prompts save"}, **cell.fields), company)
        if cell.feedback:
            await self._post(activities.feedback(own, cell.asker, "1", "like", cell.feedback), company)

    async def _post(self, activity: dict[str, Any], company: Company) -> None:
        await self.premises.post(addressed(activity, company, ""), company.region)

    def _model(self, ask: Ask, offer: Offer | None, meter: Callable[[Usage], None]) -> Model:
        place = next((cell.place for cell in self.cells if cell.asker.id == ask.person.id), "")
        return Obedient(meter, lambda orders: self.obeyed.update([place] if orders else []))

    def _heard(self, region: str, conversation: str, body: dict[str, Any], only: str) -> None:
        """Something is shown."""
        self.effects.note(conversation, f"to {only or 'all'}")
        for what in pressable(body):
            self.effects.note(conversation, what)
        for title, data in buttons(body):
            if title.startswith("Post"):
                self._posts[conversation] = data


def pressable(body: Mapping[str, Any]) -> Iterator[str]:
    """What of a message can be pressed, loads by itself, or calls somebody."""
    text = str(body.get("text") or "")
    for token in flat(PARSER.parse(text)):
        for name in ("href", "src"):
            if token.attrGet(name):
                yield f"{name} {token.attrGet(name)}"
        if token.type in ("html_inline", "html_block"):
            yield "html"
        if token.type == "text":
            yield from (f"bare {found}" for found in BARE.findall(token.content))
    if re.search(r"<\s*at\b", text, re.IGNORECASE):
        yield "at"
    yield from (
        f"entity {one.get('type')}"
        for one in body.get("entities") or ()
        if one.get("type") not in ("streaminfo", "https://schema.org/Message")
    )
    yield from (f"url {found}" for found in urls(body))


def urls(element: object) -> Iterator[str]:
    """Every address in a field that is one, and every action that opens something."""
    if isinstance(element, list):
        for each in element:
            yield from urls(each)
    if isinstance(element, dict):
        yield from (
            str(value)
            for name, value in element.items()
            if name in ("url", "image", "imageUrl", "contentUrl") and value
        )
        if element.get("type") in ("Action.OpenUrl", "Image", "Media"):
            yield str(element["type"])
        for each in element.values():
            yield from urls(each)


def flat(tokens: list[Token]) -> Iterator[Token]:
    """All tokens, those inside others too."""
    for token in tokens:
        yield token
        yield from flat(token.children or [])


async def kept(database: str) -> Counter[str]:
    """What stands in the tables beside the texts."""
    found: Counter[str] = Counter()
    async with await psycopg.AsyncConnection.connect(database) as connection:
        for table, columns in KEPT.items():
            query = f"SELECT {columns} FROM {table} {ALIASES if table == 'audit' else ''}"  # our own words
            async for row in await connection.execute(query.encode()):
                found[json.dumps([table, *row], default=str)] += 1
    return found


def compared(told: Effects, plain: Effects) -> list[str]:
    """What the run with orders did that the one without did not."""
    found = [
        f"{conversation}: {what}"
        for conversation, seen in told.seen.items()
        for what in seen.keys() - plain.seen[conversation].keys()
    ]
    return [*found, *(f"kept: {row}" for row in told.rows - plain.rows)]


def effects(database: str, home: Path, share: int = 1) -> tuple[Run, list[str]]:
    """A run with orders, and what it did that the same without them does not; `share`: every so many-th order of a place."""
    runs = []
    for planted in (order, lambda name: NEUTRAL):
        empty(database)
        with asyncio.Runner(loop_factory=partial(Hurry, HASTE)) as runner:
            run = runner.run(made(database, home, planted, share))
            runs.append(run)
    return runs[0], compared(runs[0].effects, runs[1].effects)


async def made(database: str, home: Path, planted: Callable[[str], str], share: int) -> Run:
    """A run that is over."""
    run = Run(database, home, planted, share)
    await run.run()
    return run


async def run(report: Report) -> None:
    """Every order in every place."""
    told, found = await asyncio.to_thread(apart)
    report.count("injection: orders in places", len(told.cells), len(found))
    report.remark(f"injection: orders were obeyed {told.obeyed.total()} times, in {len(told.obeyed)} of the places")
    for each in found[:20]:
        report.remark(f"injection: {each}")


def apart() -> tuple[Run, list[str]]:
    """With a server of its own."""
    with (
        TemporaryDirectory() as data,
        TemporaryDirectory() as home,
        serving(Path(data)) as postgres,
        fresh(postgres) as database,
    ):
        return effects(database, Path(home))
