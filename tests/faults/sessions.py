"""Whoever knows who people are is away: the token service, and the exchange of their token for Graph's."""

import asyncio
from contextlib import suppress

from tests.faults.ward import Play, now, ward
from tests.scenarios.stage import Stage, honest
from tests.world.activities import message
from tests.world.door import Call
from tests.world.faults import Hang, status
from tests.world.people import ADA, BRUNO, PEOPLE, personal
from tests.world.world import World

AWAY = 20.0
"""Seconds. Who waits longer than a message's five tries last is told that it did not work."""
LATER = 60.0
SUMMED = "They spoke of the launch"
SIGNED_IN = {"REQUIRE_SIGN_IN": "true"}


async def service_away(play: Play) -> None:
    """The bot framework's token service answers 503, then nobody, while signed-in people write."""
    async with ward(play.postgres, SIGNED_IN) as bot:
        users = bot.world.users
        for person in PEOPLE:
            bot.world.sign_in(person)
        users.faults.add(status(503), times=None)
        post = bot.post()
        writing = asyncio.create_task(post.stream(AWAY, rate=2))
        await asyncio.sleep(AWAY / 2)
        users.faults.clear()
        hang = users.faults.add(Hang(), times=None)
        await writing
        users.faults.clear()
        hang.release()
        back = now()
        tally = await post.settled(LATER)
        play.report.line(
            f"sign-in: the token service is away {AWAY:.0f} s",
            f"{tally.asked} accepted, {post.refused} refused, {post.again} sent again, {len(tally.lost)} unanswered, "
            f"{len(tally.twice)} twice, all answered {now() - back:.0f} s after it was back",
            f"bar: accepted at once, answered within {LATER:.0f} s of its return, nobody asked to sign in",
            held=post.whole(tally) and post.again == 0,
        )


async def exchange_away(play: Play) -> None:
    """Entra does not exchange a person's token while they ask for a channel they belong to."""
    async with ward(play.postgres, SIGNED_IN, made=lambda: World(answer=honest, connection="bot")) as bot:
        stage, home = Stage(bot.world, bot.bot, ""), personal(ADA)
        channel = stage.channel()
        bot.world.graph.channel(channel.conversation, "incidents")
        stage.write(channel, BRUNO, "The pump failed at noon.")
        bot.world.sign_in(ADA)
        bot.world.login.faults.add(status(503), of="token", when=exchanges, times=None)
        accepted, _ = await bot.world.post(message(home, ADA, "summarise #incidents in Contoso since yesterday"))
        await asyncio.sleep(AWAY)
        early = [one.text for one in stage.answers(home) if SUMMED in one.text]
        bot.world.login.faults.clear()
        back = now()
        with suppress(AssertionError):
            await bot.world.teams.until(lambda: any(SUMMED in one.text for one in stage.answers(home)), LATER)
        said = [one.text for one in stage.answers(home)]
        play.report.line(
            f"sign-in: Graph's token is not exchanged for {AWAY:.0f} s",
            f"{accepted}, the summary {now() - back:.0f} s after it was back, {len(said)} messages in the chat",
            f"bar: 202, one answer with the summary within {LATER:.0f} s",
            held=accepted == 202 and not early and len(said) == 1 and SUMMED in said[0],
        )


def exchanges(call: Call) -> bool:
    """Whether it is a person's token that is to be exchanged."""
    return b"on_behalf_of" in call.body
