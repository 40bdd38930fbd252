"""A company with its bots, its database and its operator: processes all of them, and what one may look up behind them."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

import aiohttp

from tests.scenarios.stage import Stage
from tests.world.activities import Activity, message
from tests.world.bots import PROGRAM, BotProcess, url
from tests.world.chat import Shown
from tests.world.clients import Clients
from tests.world.database import UNGUARDED, fresh
from tests.world.nursery import Nursery
from tests.world.openai import Script
from tests.world.people import ADA, Room, Someone, personal
from tests.world.world import World

PATIENCE = 60.0
"""Seconds a command may take, on a machine that does much besides."""
Row = tuple[Any, ...]
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@dataclass(frozen=True, slots=True)
class Printed:
    """How a command of the operator ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table of a command with `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that one activity was answered with, message by message."""

    messages: tuple[Shown, ...]

    @property
    def text(self) -> str:
        """The texts alone."""
        return "\n".join(one.text for one in self.messages)

    @property
    def reading(self) -> str:
        """All that is to be read on them."""
        return "\n".join(one.reading for one in self.messages)

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        """The Adaptive Cards among them."""
        return [card for one in self.messages for card in one.cards]

    @property
    def offers(self) -> dict[str, Shown]:
        """The documents that are offered, by name."""
        return {str(offer["name"]): one for one in self.messages for offer in one.offers}


@dataclass(frozen=True, slots=True)
class Firm(Stage):
    """`bots` are the processes that serve, the first of them `bot`; `environ` is what they were started with."""

    environ: Mapping[str, str]
    bots: tuple[BotProcess, ...]

    @property
    def lines(self) -> list[str]:
        """What all processes have logged."""
        return [line for bot in self.bots for line in bot.lines]

    async def ask(self, text: str, person: Someone = ADA, bot: BotProcess | None = None) -> Told:
        """What somebody is answered one to one, by another process where one is named."""
        return await self.ended(message(personal(person), person, text), personal(person), bot)

    async def among(self, room: Room, text: str, person: Someone = ADA, bot: BotProcess | None = None) -> Told:
        """What somebody is answered in a group chat or channel."""
        return await self.ended(message(room, person, text), room, bot)

    async def ended(self, activity: Activity, room: Room, bot: BotProcess | None = None) -> Told:
        """An activity arrives; all that it was answered with, once it is over and done."""
        before = len(self.answers(room))
        status, _ = await self.world.post(activity, bot=bot.url if bot else None)
        assert status == 202, self.lines[-12:]
        await self.over(activity["id"])
        return Told(tuple(self.answers(room)[before:]))

    async def press(self, title: str, person: Someone = ADA, **given: str) -> Told:
        """Somebody presses the newest button of that title in their chat."""
        before = len(self.answers(personal(person)))
        await self.over((await self.world.hand(person).press(title, None, 0, **given))["id"])
        return Told(tuple(self.answers(personal(person))[before:]))

    async def over(self, activity: str) -> None:
        """Wait until what was accepted is done with."""
        waiting = "SELECT count(*) FROM inbox WHERE activity = %s AND open"
        await self.stands(waiting, activity, holds=lambda found: found == [(0,)])

    def clients(self, person: Someone, count: int = 1) -> Clients:
        """The person's Teams clients, which talk to all processes in turn."""
        return self.world.clients(person, count, tuple(bot.url for bot in self.bots))

    def told(self, person: Someone, text: str, room: Room | None = None) -> int:
        """How many answers that hold these words stand before the person."""
        return sum(text in one.text for one in self.answers(room or personal(person)))

    @asynccontextmanager
    async def later(self, **changes: str | None) -> AsyncIterator[BotProcess]:
        """A process that is started only now, so that it knows nothing from before."""
        environ = {**self.environ, **changes}
        async with BotProcess({name: value for name, value in environ.items() if value is not None}) as bot:
            yield bot

    async def operator(self, *given: str, said: str = "", **changes: str) -> Printed:
        """What `python -m bot.admin …` leads to; `said` is what is typed."""
        return await self.command("admin", *given, said=said, **changes)

    async def command(self, *given: str, said: str = "", **changes: str) -> Printed:
        """`python app.py …` in the environment of the bots, forked as they are; `said` is what is typed."""
        environ = {"PATH": os.environ["PATH"], **self.environ, **changes}
        with TemporaryFile() as typed, TemporaryFile() as out, TemporaryFile() as err:
            typed.write(said.encode())
            typed.seek(0)
            files = (out.fileno(), err.fileno(), typed.fileno())
            process = await nursery().born((PROGRAM, *given), environ, *files)
            try:
                async with asyncio.timeout(PATIENCE):
                    code = await process.wait()
            except TimeoutError:
                process.send_signal(signal.SIGKILL)
                raise
            return Printed(code, text(out), text(err))

    async def rows(self, query: str, *values: object) -> list[Row]:
        """What the database says."""
        async with await self._connected() as connection:
            return await (await connection.execute(query.encode(), values)).fetchall()

    async def change(self, query: str, *values: object) -> int:
        """What its superuser does with all guards off; how many rows."""
        async with await self._connected() as connection:
            await connection.execute(UNGUARDED)
            return (await connection.execute(query.encode(), values)).rowcount

    async def stands(self, query: str, *values: object, holds: Callable[[list[Row]], bool] = bool) -> list[Row]:
        """Wait for something to stand in the database: rows at all, or those for which `holds`."""
        async with asyncio.timeout(15), await self._connected() as connection:
            while True:
                found: list[Row] = await (await connection.execute(query.encode(), values)).fetchall()
                if holds(found):
                    return found
                await asyncio.sleep(0.02)

    async def audited(self, person: Someone, *actions: str, count: int = 1) -> list[Row]:
        """Action, actor, outcome, rule and whom it was about, of what a person did, once there is so much; oldest first."""
        query = """
            SELECT a.action, a.actor, a.outcome, a.rule, coalesce(s.person, a.subject)
            FROM audit a JOIN people p ON p.tenant = a.tenant AND p.alias = a.person
            LEFT JOIN people s ON s.tenant = a.tenant AND s.alias = a.subject AND a.subject <> ''
            WHERE p.person = %s AND a.action = ANY(%s) ORDER BY a.id
        """
        return await self.stands(query, person.id, list(actions), holds=lambda found: len(found) >= count)

    async def written(self) -> list[str]:
        """Every row of every table, and every line of every log; columns of bytes in hexadecimal digits."""
        tables = [name for (name,) in await self.rows(TABLES)]
        found = [str(text) for table in tables for (text,) in await self.rows(f'SELECT t::text FROM "{table}" t')]
        return found + self.lines


def nursery() -> Nursery:
    """Whom bots are forked by."""
    assert BotProcess.nursery is not None
    return BotProcess.nursery


def text(file: IO[bytes]) -> str:
    """What a process wrote there."""
    file.seek(0)
    return file.read().decode()


@asynccontextmanager
async def opened(
    postgres: str,
    bots: int = 1,
    answer: Script = "Hello.",
    rules: Mapping[str, str] | None = None,
    **changes: str | None,
) -> AsyncIterator[Firm]:
    """A firm with so many processes; tokens of its people are for the bot itself, so that they carry roles.

    `rules` are what its administrator has decided before.
    """
    with fresh(postgres) as conninfo:
        async with World(answer=answer, connection="bot") as world:
            environ = world.environ(DATABASE_URL=url(conninfo), **changes)
            processes = tuple(BotProcess(environ) for _ in range(bots))
            firm = Firm(world, processes[0], url(conninfo), environ, processes)
            await decided(firm, rules or {})
            try:
                await asyncio.gather(*(bot.__aenter__() for bot in processes))
                world.bot = processes[0].url
                yield firm
            finally:
                await asyncio.gather(*(bot.end() for bot in processes))


async def decided(firm: Firm, rules: Mapping[str, str]) -> None:
    """Decisions that stand already when the processes start."""
    kept = "INSERT INTO rules (tenant, name, value, at, by) VALUES (%s, %s, %s, now(), 'operator')"
    for name, value in rules.items():
        await firm.change(kept, ADA.tenant, name, value)


async def readiness(bot: BotProcess) -> tuple[int, str]:
    """What a process says of itself, once it knows."""
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{bot.url}/readyz") as response:
                    found = response.status, await response.text()
            except aiohttp.ClientError:
                found = 0, ""
            if found[0] and "brought up to date" not in found[1]:
                return found
            await asyncio.sleep(0.02)
