"""The operator's desk, over a real database."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.admin import Cabinet, arguments, run
from bot.audit import Action, Entry, Outcome
from bot.settings import Settings, read
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.rows import Arrival, Record
from bot.store.seals import Seals
from bot.store.store import Store
from bot.store.vault import Vault
from bot.telemetry import hashed
from bot.wrapping import KeyFile
from dialogs.talk import Finding, Message, Usage
from tests.bot.store.stores import ask
from tests.dialogs.desk import English
from tests.world.people import ADA, TENANT

NOW = datetime.now(UTC).replace(microsecond=0)
MODEL = "gpt-5.4-mini"
CANARY = "canary-7f3e"
ENVIRON = {
    "DATABASE_URL": "postgresql://parley@db.postgres.database.azure.com/parley?sslmode=verify-full",
    "MICROSOFT_APP_ID": "5c0e4c1a-8d7b-4f0e-a1d3-6f2b9e7c4d58",
    "MICROSOFT_APP_TENANT_ID": TENANT,
    "AZURE_OPENAI_ENDPOINTS": "https://one.openai.azure.com",
    "AZURE_OPENAI_DEPLOYMENTS": MODEL,
}


def settings(**changes: str) -> Settings:
    return read({**ENVIRON, **changes}, local=False)


@dataclass
class Desk:
    """What the operator sees and answers."""

    pool: Pool
    vault: Vault
    database: str
    settings: Settings = field(default_factory=settings)
    answers: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    happenings: int = 0

    @property
    def store(self) -> Store:
        return Store(self.pool, "operator", self.vault)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.pool)

    @property
    def estate(self) -> Estate:
        return Estate(self.pool, self.vault)

    def ask(self, words: str) -> str:
        self.asked.append(words)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    async def meet(self, *people: str, department: str = "", tenant: str = TENANT) -> None:
        """The assistant has met these people."""
        for person in people:
            values = (tenant, person, department)
            await ask(self.database, "INSERT INTO people (tenant, person, department) VALUES (%s, %s, %s)", *values)

    async def happened(
        self,
        conversation: str,
        outcome: Outcome = Outcome.OK,
        expires: datetime | None = None,
        *,
        person: str = ADA.id,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        """Somebody asked something, and it ended so."""
        self.happenings += 1
        at = NOW + timedelta(milliseconds=self.happenings)
        arrival = Arrival(TENANT, conversation, f"{conversation} 1", CANARY.encode(), at, person=person)
        accepted = await self.store.accept(arrival)
        assert accepted.claim is not None
        who = (NOW, TENANT, person, "personal", hashed(conversation))
        entry = Entry(*who, Action.ANSWER, outcome, MODEL, 900, 80, dropped=7, findings=findings)
        lines = (Message("user", CANARY), Message("assistant", CANARY))
        usage = (Usage(MODEL, 900, 80, 10),)
        record = Record(NOW, outcome, lines, person=person, usage=usage, audit=entry, expires=expires or NOW + DAY)
        await self.store.finish(accepted.claim, record)

    async def run(self, *given: str) -> tuple[int, list[str]]:
        """The exit code and what was printed."""
        said: list[str] = []
        cabinet = Cabinet(
            settings=self.settings,
            ledger=self.ledger,
            estate=self.estate,
            vault=self.vault,
            store=self.store,
            seals=Seals(self.pool),
            words=English(),
            now=lambda: NOW,
            tell=said.append,
            warn=self.warned.append,
            ask=self.ask,
        )
        return await run(arguments(given), cabinet), said

    async def rows(self, *given: str) -> list[dict[str, Any]]:
        """What was printed, as objects."""
        _, said = await self.run(*given, "--json")
        return [json.loads(line) for line in said]

    async def seal(self) -> None:
        while await Seals(self.pool).seal(NOW):
            pass

    async def keys(self) -> list[str]:
        return [row["key"] for row in await self.rows("dead", "list")]


DAY = timedelta(days=1)


@pytest.fixture
def desk(pool: Pool, database: str, tmp_path: Path) -> Desk:
    vault = Vault(pool, KeyFile(tmp_path / "key", secrets.token_bytes), time.monotonic, secrets.token_bytes)
    return Desk(pool, vault, database)


@pytest.fixture
async def buried(desk: Desk) -> AsyncIterator[Desk]:
    """Two asks were given up, one was answered."""
    await desk.meet(ADA.id)
    await desk.happened("19:a", Outcome.DEAD)
    await desk.happened("19:b", Outcome.DEAD)
    await desk.happened("19:c", Outcome.OK)
    yield desk
