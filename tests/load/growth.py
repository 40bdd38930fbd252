"""What a turn costs in a conversation of 10 messages and in one of 10,000: `python -m tests.load.growth`.

The store as it runs, contents sealed, against the embedded PostgreSQL with fsync on. The two conversations take turns, so
that whatever else the machine does meets both alike.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bot.store.away import Address
from bot.store.people import People
from bot.store.pool import Pool
from bot.store.rows import Arrival
from bot.store.sessions import SESSION
from bot.store.statements import HISTORY
from bot.store.store import Store
from bot.store.vault import Vault
from bot.wrapping import KeyFile
from dialogs.answering import HISTORY as LIMIT
from tests.load.store import ANSWER, BODY, record
from tests.world.database import fresh, serving

FEW, MANY = 10, 10_000
TURNS, WARM = 150, 20
RATIO = 1.2
"""How much more a turn may cost in the long conversation."""
ROWS = 2
"""How many times the lines that are asked for may be read."""
FILL = """
    INSERT INTO history (tenant, conversation, person, chat, role, at, text)
    SELECT 'tenant', %(name)s, %(name)s, 0, CASE n %% 2 WHEN 0 THEN 'assistant' ELSE 'user' END, now(), %(text)s
    FROM generate_series(1, %(lines)s) n
"""


async def turn(store: Store, people: People, name: str, number: str) -> float:
    """Seconds that one turn took, from its acceptance to its end."""
    now = datetime.now(UTC)
    began = time.perf_counter()
    claim = (await store.accept(Arrival("tenant", name, number, BODY, now, person=name))).claim
    if claim is None:
        raise AssertionError("a lane of its own is always free")
    await people.known("tenant", name, name)
    await store.history("tenant", name, name, claim.chat, LIMIT)
    await store.placed(claim, "1700000000000")
    await store.answered(claim, ANSWER)
    await store.finish(claim, record(name, now))
    return time.perf_counter() - began


async def filled(connection: psycopg.AsyncConnection, vault: Vault, name: str, lines: int) -> None:
    """A chat of so many lines."""
    text = (await vault.ring("tenant")).seal(b"Nothing much. " * 20, "history", "text", "tenant", name, name)
    await connection.execute(FILL, {"name": name, "text": text, "lines": lines})


async def read(connection: psycopg.AsyncConnection, name: str) -> tuple[int, int]:
    """Rows and pages that the statement which reads a chat goes through."""
    await connection.execute(SESSION)
    await connection.execute("SET parley.tenant = '*'")
    await connection.execute(b"PREPARE looked AS " + HISTORY.text)
    given = {"tenant": "tenant", "conversation": name, "person": name, "chat": "0", "limit": str(LIMIT)}
    values = ", ".join(f"'{given[one]}'" for one in HISTORY.names)
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE looked({values})"
    row = await (await connection.execute(explain.encode())).fetchone()
    await connection.execute("DEALLOCATE looked")
    plan: dict[str, Any] = row[0][0]["Plan"] if row else {}
    return touched(plan), int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def touched(plan: dict[str, Any]) -> int:
    """The most rows any step of a plan had in its hands."""
    own = int(plan["Actual Rows"] * plan["Actual Loops"]) + int(plan.get("Rows Removed by Filter", 0))
    return max([own, *map(touched, plan.get("Plans", ()))])


async def measure(database: str, key: Path) -> str:
    """Both conversations, turn by turn; what each left behind is taken away again outside the measured time."""
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    async with Pool(Address(database)) as pool, await psycopg.AsyncConnection.connect(database, autocommit=True) as by:
        vault = Vault(pool, KeyFile(key, secrets.token_bytes), time.monotonic, secrets.token_bytes)
        store, people = Store(pool, "bench", vault), People(pool)
        for lines in times:
            await filled(by, vault, f"chat of {lines}", lines)
        await by.execute("VACUUM ANALYZE")
        for number in range(WARM + TURNS):
            for lines in sorted(times, reverse=bool(number % 2)):
                times[lines].append(await turn(store, people, f"chat of {lines}", f"{number:013d}"))
                await by.execute("DELETE FROM history WHERE activity <> ''")
        rows, pages = await read(by, f"chat of {MANY}")
    return judged({lines: took[WARM:] for lines, took in times.items()}, rows, pages)


def judged(times: dict[int, list[float]], rows: int, pages: int) -> str:
    """The line of figures. Raises `AssertionError` where they are out of bounds."""
    few, many = (statistics.median(times[lines]) for lines in (FEW, MANY))
    line = (
        f"growth: a turn takes {few * 1000:.2f} ms in a chat of {FEW} messages, {many * 1000:.2f} ms in one of {MANY:,}: "
        f"ratio {many / few:.2f} (bound {RATIO}); {rows} rows and {pages} pages read for {LIMIT} lines"
    )
    if many / few > RATIO or rows > ROWS * LIMIT:
        raise AssertionError(line)
    return line


async def run() -> str:
    """The figure, in a database that is thrown away."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving(Path(home), ("fsync=on", "max_connections=100")) as postgres,
        fresh(postgres) as database,
    ):
        return await measure(database, Path(home) / "content.key")


def main() -> None:
    """Run and print."""
    print(asyncio.run(run()))


if __name__ == "__main__":
    main()
