"""Names are not found: the resolver fails, then hangs, for the connector, the model, Entra, the database."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from dialogs.errors import Unavailable
from tests.faults.condition import State
from tests.faults.post import GIVES_UP, Post
from tests.faults.ward import Play, Ward, now, ward
from tests.world.world import World

GONE = 10.0
"""Seconds for which a name is not found, each way."""
READ = 2.0
"""Seconds: a thread that waits for a name is away for as long as the resolver hangs, one that waits for a core is not."""
LATER = 60.0
"""Seconds after which everything must be answered once it is found again."""


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody whom the bot knows by name: the setting, and where the double is."""

    what: str
    setting: str
    address: Callable[[World], str]

    def settings(self, world: World) -> Mapping[str, str]:
        """The setting by a name that must be looked up."""
        return {self.setting: called(self.address(world))}


NAMES = (
    Name("the connector", "SERVICE_ORIGINS", lambda world: world.teams.url),
    Name("the model", "AZURE_OPENAI_ENDPOINTS", lambda world: world.model.url),
    Name("Entra", "LOGIN_URL", lambda world: world.login.authority),
)


def called(address: str) -> str:
    """The address by a name that must be looked up."""
    return address.replace("127.0.0.1", "localhost")


async def nameless(play: Play) -> None:
    """One after the other; nobody is connected yet when the name is lost."""
    for name in NAMES:
        async with ward(play.postgres, changed=name.settings) as bot:
            service = f"{called(bot.world.teams.url)}/" if name.setting == "SERVICE_ORIGINS" else ""
            post = bot.post(service=service)
            await lost(play, bot, name.what, post, urlsplit(name.address(bot.world)).port or 0)
    async with ward(play.postgres) as bot:
        await bot.post().stream(1)
        await lost(play, bot, "the database", bot.post(), bot.relay.port)


def excused(bot: Ward, post: Post) -> int:
    """How many were told why there is no answer: nobody waits longer than a minute for a model."""
    rooms = {question.room.conversation for question in post.accepted}
    texts = [text for room in rooms for text in bot.world.teams.chat(room).texts]
    return sum(text.startswith(Unavailable().words) for text in texts)


async def lost(play: Play, bot: Ward, what: str, post: Post, port: int) -> None:
    """The name fails, hangs, and is found again."""
    began = now()
    bot.be(State(names={port: "fails"}))
    await asyncio.sleep(0.1)
    if port == bot.relay.port:
        bot.relay.cut()
    writing = asyncio.create_task(post.stream(2 * GONE, rate=4))
    await asyncio.sleep(GONE)
    bot.be(State(names={port: "hangs"}))
    await asyncio.sleep(GONE)
    bot.be(State())
    back = now()
    await writing
    tally = await post.settled(LATER)
    apologies = excused(bot, post) if what == "the model" else 0
    took, stall, threads = now() - back, bot.stall(began), bot.stall(began, "threads")
    play.report.line(
        f"names: {what} is not found",
        f"{tally.asked} accepted, {post.refused} refused, {len(tally.lost) - apologies} lost, {apologies} told why not, "
        f"{len(tally.twice)} twice, "
        f"{post.again} sent again, slowest answer {post.slowest:.1f} s, all answered {took:.0f} s after it was found, "
        f"longest stall of the loop {stall * 1000:.0f} ms, of the threads {threads * 1000:.0f} ms",
        f"bar: 0 refused, 0 lost, back by itself within {LATER:.0f} s, no file is waited for more than {READ:.0f} s",
        held=post.whole(replace(tally, lost=tally.lost[apologies:])) and post.slowest < GIVES_UP and threads < READ,
    )
