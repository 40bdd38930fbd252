"""The path of a message, ours and the peers' one after the other under the same load: `python -m tests.load --only speed`.

Each bot is pinned to one core; the driver, the connector and the database share the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.load.adfs import Adfs
from tests.load.load import Connector, Conversation, Driver, Figures, figures, groups
from tests.load.peers import Contender, alone, contenders, missing
from tests.world.database import fresh
from tests.world.login import LoginDouble
from tests.world.world import World

WARM = 2.0
"""Seconds that do not count."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is run: so many conversations, for so long, with so much delay at the connector and at the token server."""

    conversations: int
    seconds: float
    connector: float = 0.0
    tokens: float = 0.0


async def speed(postgres: str, seconds: float) -> str:
    """The model answers at once, and everything else too."""
    bar = "bar: >= 2,000/s, answer p99 <= 20 ms; ratios >= 28, 3.5, 6"
    return table(f"path of a message, 16 conversations ({bar})", await race(postgres, Course(16, seconds)))


async def latency(postgres: str, seconds: float) -> str:
    """The same where the connector takes 100 ms, and the server of tokens 50."""
    bar = "bar: >= 500/s, under half a core"
    found = await race(postgres, Course(64, seconds, connector=0.1, tokens=0.05))
    return table(f"the same with 100 ms at the connector, 64 conversations ({bar})", found)


async def race(postgres: str, course: Course) -> Sequence[Figures]:
    """Everybody's figures."""
    async with World() as world, Adfs(course.tokens) as adfs:
        with fresh(postgres) as database:
            return [await drive(each, world.login, course) for each in contenders(world, adfs, database)]


async def drive(contender: Contender, login: LoginDouble, course: Course) -> Figures:
    """Load on one bot; its figures."""
    talks = [Conversation(seat, contender.ends) for seat in groups(course.conversations)]
    connector = Connector(talks, course.connector)
    service = await connector.start()
    bot = contender.start(service)
    async with alone(bot) as process:
        driver = Driver(talks, login, service)
        await driver.run([bot.port], WARM)
        driver.forget()
        before = process.cpu
        took = await driver.run([bot.port], course.seconds)
        found = figures(contender.name, talks, took, process.cpu - before)
        driver.close()
    connector.stop()
    return found


def table(title: str, found: Sequence[Figures]) -> str:
    """A line for each, and how many times each of the others we are."""
    return "\n".join([title, *lines(found), *filter(None, [missing()])])


def lines(found: Sequence[Figures]) -> Iterator[str]:
    for one in found:
        ratio = "" if one is found[0] else f"   ours {found[0].rate / one.rate:.1f} x"
        yield f"  {one}{ratio}"
