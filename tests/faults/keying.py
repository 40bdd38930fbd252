"""The channel's signing keys: they are rotated, and their server hangs."""

import asyncio
from itertools import count

from tests.faults.post import GIVES_UP, Post, quantile
from tests.faults.ward import Play, Ward, now, ward
from tests.world.faults import Hang, status
from tests.world.signing import key

BAR = "bar: 0 refused, 0 lost"
HUNG = 60.0
"""Seconds the key server hangs."""

_numbers = count(50)


async def rotated(play: Play) -> None:
    """Every way a key may be followed by another, while people write."""
    async with ward(play.postgres) as bot:
        await side_by_side(play, bot)
        await sudden(play, bot)
        await just_looked(play, bot)
        await during_an_outage(play, bot)


async def side_by_side(play: Play, bot: Ward) -> None:
    """The new key is published beside the old one, and either signs."""
    login = bot.world.login
    keys, turn = (login.signer, login.rotate(keep=True)), count()
    post = bot.post(lambda: login.sign(by=keys[next(turn) % 2], serviceurl=bot.world.service))
    await post.stream(5)
    await told(play, "keys: old and new together", post)


async def sudden(play: Play, bot: Ward) -> None:
    """The old key is gone at once; what it signed is still on its way."""
    login = bot.world.login
    old, post = login.signer, bot.post()
    await asyncio.sleep(10)  # the look before this one is long ago
    login.publish(key(next(_numbers)))
    await post.send()

    def late() -> str:
        return login.sign(by=old, serviceurl=bot.world.service)

    await asyncio.gather(post.stream(5), *(post.send(late) for _ in range(5)))
    await told(play, "keys: a sudden replacement", post)


async def just_looked(play: Play, bot: Ward) -> None:
    """Somebody makes a key's name up, so that the keys were just looked at when they are rotated."""
    login = bot.world.login
    await asyncio.sleep(10)
    await bot.post(lambda: login.sign(by=key(99), serviceurl=bot.world.service)).send()
    login.publish(key(next(_numbers)))
    post = bot.post()
    await post.stream(12)
    await told(play, "keys: rotated just after a look", post)


async def during_an_outage(play: Play, bot: Ward) -> None:
    """The keys are rotated while their server says 503; it is back after 15 seconds."""
    login = bot.world.login
    login.faults.add(status(503), of="metadata", times=None)
    login.publish(key(next(_numbers)))
    post = bot.post()
    streaming = asyncio.create_task(post.stream(20, rate=4))
    await asyncio.sleep(15)
    login.faults.clear()
    await streaming
    await told(play, "keys: rotated while their server is down", post)


async def told(play: Play, name: str, post: Post) -> None:
    """A line of the report."""
    tally = await post.settled(60)
    seen = f"{tally.asked} accepted, {post.refused} refused, {len(tally.lost)} lost, {len(tally.twice)} twice, "
    seen += f"{post.again} sent again, slowest answer {post.slowest:.1f} s"
    play.report.line(name, seen, BAR, held=post.whole(tally))


async def hung(play: Play) -> None:
    """The key server takes connections and answers nobody, while old keys and new ones sign."""
    async with ward(play.postgres) as bot:
        login, old = bot.world.login, bot.world.login.signer
        before = bot.post()
        began = now()
        await before.stream(10)
        usual = bot.stall(began)
        hang = login.faults.add(Hang(), of="metadata", times=None)
        login.publish(key(next(_numbers)))
        known = bot.post(lambda: login.sign(by=old, serviceurl=bot.world.service))
        unknown = bot.post()
        began = now()
        late = asyncio.create_task(unknown.stream(HUNG - 5, rate=2))
        await known.stream(HUNG)
        stall = bot.stall(began)
        login.faults.clear()
        hang.release()
        await late
        tally, other = await known.settled(60), await unknown.settled(30)
        fast = f"{quantile(before.times, 0.5) * 1000:.0f} -> {quantile(known.times, 0.5) * 1000:.0f} ms"
        play.report.line(
            "keys: their server hangs 60 s, known keys",
            f"{tally.asked} accepted, {known.refused} refused, {len(tally.lost)} lost, median ack {fast}, "
            f"longest stall of the loop {stall * 1000:.0f} ms ({usual * 1000:.0f} ms before)",
            "bar: 0 refused, 0 lost, stall <= 50 ms",
            held=known.whole(tally) and stall <= 0.05,
        )
        play.report.line(
            "keys: their server hangs 60 s, unknown keys",
            f"{other.asked} accepted, {unknown.refused} refused, {len(other.lost)} lost, {unknown.again} told to send again, "
            f"slowest answer {unknown.slowest:.1f} s",
            "bar: 0 refused, 0 lost, every answer within 15 s",
            held=unknown.whole(other) and unknown.slowest <= GIVES_UP,
        )
