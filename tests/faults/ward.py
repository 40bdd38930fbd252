"""One bot in its world, on a machine whose condition the play decides."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.asks import echo
from tests.faults.condition import State, write
from tests.faults.post import Post
from tests.faults.relay import Relay
from tests.faults.report import Report
from tests.faults.town import settings
from tests.world.bots import BotProcess
from tests.world.database import fresh
from tests.world.world import World

NOTHING: Mapping[str, str | None] = {}
TRIES = 4
"""Times the usual patience with a start."""
ASTRAY = ("-m", "tests.faults.astray")


@dataclass(frozen=True, slots=True)
class Ward:
    """`environ` configures the bot, and an operator beside it; `condition` is the file of its machine."""

    world: World
    bot: BotProcess
    environ: Mapping[str, str]
    condition: Path
    relay: Relay

    def be(self, state: State) -> None:
        """The machine is in this condition from now on; its processes see that within a fiftieth of a second."""
        write(self.condition, state)

    def post(self, sign: Callable[[], str] | None = None, service: str = "") -> Post:
        """A play of messages; each is signed anew by the newest key unless `sign` says otherwise."""
        usual = sign or (lambda: self.world.login.sign(serviceurl=service or self.world.service))
        return Post(self.world, self.bot.url, usual, service)

    async def operator(self, *words: str) -> tuple[int, str]:
        """A command of the operator's beside the bot: its exit code, and what it said."""
        process = BotProcess(self.environ, *words)
        await process.start()
        return await process.over(), "\n".join(process.lines)

    def stall(self, since: float, of: str = "loop") -> float:
        """The longest stall of the loop (or of the `threads` that read files) since a moment of `now`, in seconds."""
        lines = [line.split() for line in self.condition.with_suffix(".pulse").read_text().splitlines()]
        return max((float(stall) for who, at, stall in lines if who == of and float(at) >= since), default=0.0)

    def logged(self, event: str) -> list[dict[str, object]]:
        """The lines of an event."""
        return [line for line in self.bot.log if line["event"] == event]


@asynccontextmanager
async def ward(
    postgres: str,
    changes: Mapping[str, str | None] = NOTHING,
    *,
    started: bool = True,
    well: State | None = None,
    changed: Callable[[World], Mapping[str, str]] = lambda world: {},
    made: Callable[[], World] = lambda: World(answer=echo),
) -> AsyncIterator[Ward]:
    """A bot with these settings on a database of its own, ready unless it is not `started`.

    Its database is known by name and behind a relay; `changed` are settings that the world must be there for.
    """
    with TemporaryDirectory() as home, fresh(postgres) as database:
        condition = Path(home) / "condition.json"
        condition.with_suffix(".pulse").touch()
        write(condition, well or State())
        async with made() as world, Relay(database) as relay:
            fixed = {**settings(world), "DATABASE_URL": relay.url, "CONDITION": str(condition)}
            environ = {
                name: value for name, value in {**fixed, **changed(world), **changes}.items() if value is not None
            }
            bot = BotProcess(environ, command=ASTRAY)
            world.bot = bot.url
            await bot.start()
            try:
                if started:
                    await ready(bot)
                yield Ward(world, bot, environ, condition, relay)
            finally:
                await bot.end()


async def ready(bot: BotProcess) -> None:
    """Wait until it is ready, on a machine that may have a great deal else to do."""
    for _ in range(TRIES - 1):
        try:
            await bot.ready()
        except TimeoutError:
            continue
        return
    await bot.ready()


@dataclass(frozen=True, slots=True)
class Play:
    """What every fault is handed."""

    report: Report
    postgres: str


def now() -> float:
    """A moment that the bot's process knows by the same number."""
    return time.monotonic()
