"""The identity endpoint is away for five minutes: with tokens in hand, and with none at all."""

from collections.abc import Mapping

from aiohttp import web

from tests.faults.post import Post
from tests.faults.ward import Play, Ward, now, ready, ward
from tests.world.door import Answer, Call, reply

AWAY = 300.0
"""Seconds it is away."""
LIFE = int(AWAY) + 60
"""Seconds a token lives that the bot holds when it begins: it would renew it within the first minute, and cannot."""
FEDERATED: Mapping[str, str | None] = {"BOT_CREDENTIAL": "federated", "MICROSOFT_APP_PASSWORD": None}
LATER = 180.0
"""Seconds after which everything must be answered once it is back: whoever was told to wait longest waits 150."""


def away(bot: Ward) -> list[str]:
    """Neither the managed identity nor Entra gives a token; what they were asked for since."""
    asked: list[str] = []

    async def refuse(call: Call, answer: Answer) -> web.StreamResponse:
        asked.append(call.kind)
        return reply(status=503)

    for kind in ("identity", "token"):
        bot.world.login.faults.add(refuse, of=kind, times=None)
    return asked


async def held(play: Play) -> None:
    """Tokens are held, and what was to be renewed is used on."""
    async with ward(play.postgres, FEDERATED, started=False) as bot:
        bot.world.login.lifetime = LIFE
        await ready(bot.bot)
        await bot.post().stream(2)
        await bot.world.teams.until(lambda: bool(bot.world.model.prompts), 60)
        asked = away(bot)
        post = bot.post()
        await post.stream(AWAY, rate=1)
        tally = await post.settled(30)
        bot.world.login.faults.clear()
        play.report.line(
            "identity: away 5 minutes, tokens held",
            f"{told(post)}, {len(tally.lost)} unanswered 30 s later, asked {len(asked)} times in vain",
            "bar: 0 refused, all answered at once, renewals were due",
            held=post.whole(tally) and bool(asked),
        )


async def none(play: Play) -> None:
    """The bot starts in the outage: it has no token at all, takes messages and answers them later."""
    async with ward(play.postgres, FEDERATED, started=False) as bot:
        away(bot)
        began = now()
        await ready(bot.bot)
        post = bot.post()
        await post.stream(AWAY - (now() - began), rate=0.5)
        early = len(post.accepted)
        bot.world.login.faults.clear()
        back = now()
        tally = await post.settled(LATER)
        play.report.line(
            "identity: away 5 minutes, no token at all",
            f"{told(post)}, {early} accepted meanwhile, {len(tally.lost)} lost, {len(tally.twice)} twice, "
            f"all answered {now() - back:.0f} s after it was back",
            f"bar: accepted at once, 0 lost, answered within {LATER:.0f} s of its return",
            held=post.whole(tally) and post.again == 0,
        )


def told(post: Post) -> str:
    """What the door said."""
    return f"{len(post.accepted)} accepted, {post.refused} refused, {post.again} sent again"
