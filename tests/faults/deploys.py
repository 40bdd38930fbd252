"""A deploy: bots of an older version and of this one together, while people write, on the old schema and then on the new.

The older versions are taken from the history of the repository: what stood there before each of the newest changes of the
schema. A checkout without a history has none; that is said and no fault.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from compileall import compile_dir
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tarfile import TarFile
from tempfile import TemporaryDirectory

from bot.limits import LEASE
from bot.store.schema import MIGRATIONS
from tests.faults.asks import Tally, answered, echo
from tests.faults.report import Report
from tests.faults.town import crowd, made, settings
from tests.world.bots import ROOT, BotProcess, url
from tests.world.database import fresh
from tests.world.world import World

BACK = 2
"""How many older versions are deployed from."""
PROGRAM = ("app.py", "bot", "dialogs")
SEALED = "0006"
"""What stood before contents were sealed cannot read what is written since, and must not run beside it (docs/operations.md)."""
SETTLE = 2 * LEASE.total_seconds() + 60
OLD_ENOUGH = "a checkout without the history of older versions: nothing to deploy from"


@dataclass(frozen=True, slots=True)
class Version:
    """An older version of the program. `schema`: the newest migration it has."""

    commit: str
    schema: str


def git(*arguments: str) -> bytes:
    """What git says; nothing where there is no repository or no such thing in it."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


def versions() -> list[Version]:
    """The version before this one, and the one before the newest change of the schema; none where there is no history."""
    before = "HEAD" if git("diff", "--stat", "HEAD", "--", *PROGRAM) else "HEAD^"
    changes = git("log", "--diff-filter=A", "--format=%H^", "--", str(MIGRATIONS.relative_to(ROOT))).decode().split()
    found = [Version(commit, schema(commit)) for commit in (before, *changes)]
    return [version for version in found if version.schema >= SEALED][:BACK]


def schema(commit: str) -> str:
    """The newest migration of a commit, "" for none."""
    names = git("ls-tree", "--name-only", commit, f"{MIGRATIONS.relative_to(ROOT)}/").decode().split()
    return max((Path(name).stem for name in names), default="")


def newest() -> str:
    """The newest migration of this version."""
    return max(path.stem for path in MIGRATIONS.glob("*.sql"))


@asynccontextmanager
async def exported(version: Version) -> AsyncIterator[Path]:
    """A directory with the program of that version."""
    with TemporaryDirectory(prefix="older-", ignore_cleanup_errors=True) as home:
        with TarFile(fileobj=BytesIO(git("archive", version.commit, *PROGRAM))) as archive:
            archive.extractall(home, filter="data")
        await asyncio.to_thread(compile_dir, home, quiet=2)  # otherwise the first of them does it while people wait
        yield Path(home)


@dataclass(slots=True)
class Fleet:
    """The bots that messages go to, in the order in which they were started."""

    world: World
    database: str
    older: Path
    bots: list[BotProcess]
    stack: AsyncExitStack

    async def start(self, *, old: bool) -> BotProcess:
        """One more."""
        environ = {**settings(self.world), "DATABASE_URL": url(self.database)}
        bot = BotProcess(environ, root=self.older) if old else made(self.world, self.database)
        self.bots.append(await self.stack.enter_async_context(bot))
        return bot

    async def end(self, bot: BotProcess, *, kill: bool = False) -> None:
        """One fewer; still written to for as long as it takes to end."""
        await (bot.kill() if kill else bot.end())
        self.bots.remove(bot)


async def rolled(fleet: Fleet, *, old: bool) -> None:
    """Two new ones come, and two of those before go: one as it should, the other by kill -9 amid its work."""
    for kill in (False, True):
        going = fleet.bots[0]
        await fleet.start(old=old)
        await asyncio.sleep(1)
        await fleet.end(going, kill=kill)


async def deployed(world: World, database: str, version: Version) -> Tally:
    """Forwards onto the new schema, and back to the old program on it."""
    async with exported(version) as older, AsyncExitStack() as stack:
        fleet = Fleet(world, database, older, [], stack)
        await fleet.start(old=True)
        await fleet.start(old=True)
        async with crowd(world, fleet.bots, 5, 3) as people:
            await asyncio.sleep(1)
            await rolled(fleet, old=False)
            await rolled(fleet, old=True)
            await asyncio.sleep(1)
        return await answered(world, people.questions, SETTLE)


def held(found: Tally) -> bool:
    """Nothing lost, nothing twice; two kills may leave a placeholder each."""
    return not found.lost and not found.twice and found.standing <= 2


async def play(postgres: str, report: Report) -> None:
    """One line for each older version, each in a world of its own: what people ask is called the same in each."""
    bar = "bar: 0 lost, 0 twice, at most one placeholder for each of 2 kills"
    known = versions()
    if not known:
        report.line("processes: a deploy from an older version", f"skipped: {OLD_ENOUGH}", bar, held=True)
    for version in known:
        with fresh(postgres, template="template0") as database:
            async with World(answer=echo) as world:
                found = await deployed(world, database, version)
        report.line(
            f"processes: a deploy from {version.commit[:8]} ({version.schema}) to this ({newest()}) and back",
            str(found),
            bar,
            held=held(found),
        )
