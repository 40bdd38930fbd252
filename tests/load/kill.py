"""kill -9 at random under load: every accepted message must have exactly one answer in the chat.

    python -m tests.load.kill [--messages 200] [--kills 10] [--seed 1]

Two processes on one database. The driver is Teams: it delivers a message again, to either process, until it is
accepted. A placeholder that was shown but whose id was not saved before the kill may be left standing without an
answer; those are counted and printed.
"""

import argparse
import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp

from tests.world.activities import Activity, message
from tests.world.bots import BotProcess, url
from tests.world.completion import Asked, Reply
from tests.world.database import FAST, fresh, serving
from tests.world.people import GROUP, PEOPLE, Room, personal
from tests.world.world import World

ROOMS = 20
PATIENCE = 90.0
ANSWER = re.compile(r"Answer to (message \d+)\.")


@dataclass(slots=True)
class Count:
    """What became of the messages."""

    accepted: int = 0
    kills: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    orphans: int = 0
    seconds: float = 0.0

    @property
    def lost(self) -> list[str]:
        """Messages without an answer."""
        return [name for name, count in self.answers.items() if count == 0]

    @property
    def doubled(self) -> list[str]:
        """Messages with more than one."""
        return [name for name, count in self.answers.items() if count > 1]

    def __str__(self) -> str:
        return (
            f"{self.accepted} accepted, {self.kills} kills in {self.seconds:.0f} s: {len(self.lost)} lost, "
            f"{len(self.doubled)} answered twice, {self.orphans} placeholders left standing"
        )


def echo(asked: Asked) -> Reply:
    """The model's answer names the message it answers; it takes long enough for kills to meet turns under way."""

    async def pause(number: int) -> None:
        await asyncio.sleep(0.05)

    return Reply(f"Answer to {asked.question}.", pause=pause)


def rooms() -> list[Room]:
    """Personal and group chats in turn, each a lane of its own."""
    groups = [Room("groupChat", f"19:kill{number}@thread.v2", GROUP.members) for number in range(ROOMS // 2)]
    chats = [replace(personal(PEOPLE[0]), conversation=f"a:kill{number}") for number in range(ROOMS // 2)]
    return [room for pair in zip(groups, chats, strict=True) for room in pair]


async def deliver(world: World, bots: list[BotProcess], activity: Activity, chance: random.Random) -> None:
    """As Teams does: again until some process has accepted it."""
    while True:
        world.bot = chance.choice(bots).url
        try:
            status, _ = await world.post(activity)
        except aiohttp.ClientError:
            status = 0
        if status == 202:
            return
        await asyncio.sleep(0.05)


async def strike(bots: list[BotProcess], kills: int, chance: random.Random) -> None:
    """Kill one and start it again, so often."""
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        bot = chance.choice(bots)
        await bot.kill()
        await bot.start()
        await bot.ready()


async def run(messages: int, kills: int, seed: int, database: str) -> Count:
    """One run; the counts."""
    chance, began = random.Random(seed), time.monotonic()
    count, places = Count(), rooms()
    async with World(answer=echo) as world:
        environ = world.environ(DATABASE_URL=url(database), REQUIRE_SIGN_IN="false")
        bots = [BotProcess(environ), BotProcess(environ)]
        for bot in bots:
            await bot.start()
        for bot in bots:
            await bot.ready()
        killing = asyncio.create_task(strike(bots, kills, chance))
        for number in range(messages):
            text = f"message {number:04d}"
            activity = message(places[number % ROOMS], PEOPLE[0], text)
            await deliver(world, bots, activity, chance)
            count.accepted += 1
            count.answers[text] = 0
            await asyncio.sleep(2.5 * kills / messages)
        await killing
        count.kills = kills
        await settle(world, places, count)
        for bot in bots:
            await bot.end()
    count.seconds = time.monotonic() - began
    return count


async def settle(world: World, places: list[Room], count: Count) -> None:
    """Wait until every message has an answer, or for as long as a lease could possibly take."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        tally(world, places, count)
        if not count.lost:
            return
        await asyncio.sleep(0.5)


def tally(world: World, places: list[Room], count: Count) -> None:
    """Count what stands in the chats."""
    texts = [text for place in places for text in world.teams.chat(place.conversation).texts]
    found = Counter(name for text in texts for name in ANSWER.findall(text))
    count.answers = Counter({name: found[name] for name in count.answers})
    count.orphans = sum(not ANSWER.search(text) for text in texts)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, serving(Path(home), FAST) as postgres, fresh(postgres) as database:
        print(asyncio.run(run(given.messages, given.kills, given.seed, database)))


if __name__ == "__main__":
    main()
