"""What an export of 10,000 messages takes: `python -m tests.load.export`."""

import asyncio
import gc
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bot.exporting import Json, Page
from bot.store.away import Address
from bot.store.estate import Estate
from bot.store.pool import Pool
from bot.store.rows import Claim, Phase
from bot.store.spool import Spool
from bot.store.writedown import Order, write_down
from dialogs.attachments import Handover
from tests.bot.store.stores import SEALED
from tests.dialogs.desk import English
from tests.world.database import fresh, serving

MESSAGES = 10_000
TEXT = "What became of the tender, and who answers for it? " * 12
"""600 characters, about what an answer has."""
BOUND = 8 * 1024 * 1024
"""Bytes of memory that an export may need beyond what was there before, however many messages there are."""
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TENANT, PERSON, CHAT = "tenant", "11111111-aaaa-4aaa-8aaa-111111111111", "a:chat"
CLAIM = Claim(TENANT, CHAT, "export", 1, 0, b"", Phase.ACCEPTED, 0)

PEOPLE = "INSERT INTO people (tenant, person, chat) VALUES (%s, %s, %s)"
HISTORY = """
    COPY history (tenant, conversation, person, chat, role, at, expires, text, activity) FROM STDIN (FORMAT binary)
"""
TYPES = ("text", "text", "text", "int8", "text", "timestamptz", "timestamptz", "bytea", "text")


async def fill(conninfo: str, messages: int) -> None:
    """A person with so many messages, sealed."""
    ring = await SEALED.ring(TENANT)
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute(PEOPLE, (TENANT, PERSON, CHAT))
        async with connection.cursor() as cursor, cursor.copy(HISTORY) as copy:
            copy.set_types(TYPES)
            for number in range(messages):
                sealed = ring.seal(f"{number} {TEXT}".encode(), "history", "text", TENANT, CHAT, PERSON)
                role, at = "assistant" if number % 2 else "user", NOW + timedelta(seconds=number)
                row = (TENANT, CHAT, PERSON, 0, role, at, at + timedelta(days=30), sealed, f"{number // 2}")
                await copy.write_row(row)


async def exported(conninfo: str) -> tuple[int, int]:
    """Writes everything down; how many bytes the documents have, and how much memory it took at most."""
    documents = (Page(PERSON, NOW, English()), Json(PERSON, NOW))
    async with Pool(Address(conninfo)) as pool:
        steps = write_down(Estate(pool, SEALED), Spool(pool, SEALED), Order(CLAIM, PERSON, PERSON, NOW), documents)
        gc.collect()
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        size = sum([step.size async for step in steps if isinstance(step, Handover)])
        return size, tracemalloc.get_traced_memory()[1] - before


async def seconds(conninfo: str) -> float:
    """How long it takes when nobody measures its memory."""
    began = time.perf_counter()
    await exported(conninfo)
    return time.perf_counter() - began


async def measured(conninfo: str, messages: int = MESSAGES) -> bool:
    """Prints the figures; whether they keep their bound."""
    await fill(conninfo, messages)
    tracemalloc.start()
    size, memory = await exported(conninfo)
    tracemalloc.stop()
    took = await seconds(conninfo)
    print(
        f"export of {messages:,} messages: {took:.1f} s, two documents of {size / 1e6:.1f} MB together, "
        f"{memory / 1e6:.1f} MB of memory at most (bound {BOUND / 1e6:.1f})"
    )
    return memory <= BOUND


async def export(postgres: str) -> bool:
    """The figures on a server that runs already."""
    with fresh(postgres) as conninfo:
        return await measured(conninfo)


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory(prefix="parley-export-", ignore_cleanup_errors=True) as home,
        serving(Path(home), ()) as server,
    ):
        raise SystemExit(not asyncio.run(export(server)))
