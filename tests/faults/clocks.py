"""A machine whose clock is ten minutes off: messages are taken and answered, and the operator is told."""

import asyncio
import random

from tests.faults.condition import State
from tests.faults.ward import Play, Ward, now, ward
from tests.world.faults import status

OFF = 600
"""Seconds."""


async def ahead(play: Play) -> None:
    """The bot's clock is ahead: tokens in their last minutes have ended by it."""
    await off(play, OFF)


async def behind(play: Play) -> None:
    """The bot's clock is behind: tokens of the last minutes are not good yet by it."""
    await off(play, -OFF)


async def off(play: Play, seconds: int) -> None:
    """The clock is off from the start, then it is set while the bot runs, and goes wrong again."""
    name = f"clock: 10 minutes {'ahead' if seconds > 0 else 'behind'}"
    async with ward(play.postgres, well=State(clock=seconds)) as bot:
        await since_its_start(play, bot, name)
        bot.be(State())
        await asyncio.sleep(11)
        bot.be(State(clock=seconds))
        await asyncio.sleep(0.1)
        post = bot.post(lambda: aged(bot))
        await post.stream(5, rate=4)
        tally = await post.settled(60)
        play.report.line(
            f"{name}, while it runs",
            f"{tally.asked} accepted, {post.refused} refused, {len(tally.lost)} lost",
            "bar: 0 refused, 0 lost",
            held=post.whole(tally),
        )


async def since_its_start(play: Play, bot: Ward, name: str) -> None:
    """Tokens of every age; one model call that must be tried again after two seconds, whatever the clock says."""
    began = now()
    bot.world.model.faults.add(status(503), of="chat", times=2)
    post = bot.post(lambda: aged(bot))
    await post.stream(10, rate=4)
    tally = await post.settled(60)
    lines = bot.logged("clock is off")
    play.report.line(
        name,
        f"{tally.asked} accepted, {post.refused} refused, {len(tally.lost)} lost, all answered after {now() - began:.0f} s, "
        f"the log says {lines[0]['count'] if lines else 'nothing'}",
        "bar: 0 refused, 0 lost, none late, the log says it",
        held=post.whole(tally) and bool(lines),
    )


def aged(bot: Ward) -> str:
    """A token of the channel that is just made, of the middle of its hour, or of its last half minute."""
    age = random.choice((0, 1800, 3570))
    login = bot.world.login
    made = int(login.seconds) - age
    return login.sign(serviceurl=bot.world.service, iat=made, nbf=made, exp=made + 3600)
