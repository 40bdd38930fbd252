"""The key vault is away, answers nobody, or answers nonsense."""

import asyncio
import json

from tests.faults.post import GIVES_UP, Post
from tests.faults.ward import Play, Ward, now, ward
from tests.world.activities import Activity, message
from tests.world.people import GUEST, OTHER_TENANT, TENANT, personal
from tests.world.vault import KeyVaultServer

AWAY = 70.0
"""Seconds: longer than a key is held without a look into the database."""


async def vault_away(play: Play) -> None:
    """First with the keys in hand, then for a company that has none yet, then for the operator."""
    async with KeyVaultServer(bool) as vault:
        settings: dict[str, str | None] = {"CONTENT_KEY": vault.key, "ALLOWED_TENANTS": f"{TENANT},{OTHER_TENANT}"}
        async with ward(play.postgres, settings) as bot:
            await bot.post().stream(2)
            await in_hand(play, bot, vault)
            await newcomers(play, bot, vault)
            await nonsense(play, bot, vault)


async def in_hand(play: Play, bot: Ward, vault: KeyVaultServer) -> None:
    """What was unwrapped goes on being used."""
    vault.status, asked = 503, len(vault.asked)
    post = bot.post()
    await post.stream(AWAY, rate=2)
    tally = await post.settled(60)
    play.report.line(
        f"vault: away {AWAY:.0f} s, keys in hand",
        f"{tally.asked} accepted, {post.refused} refused, {post.again} sent again, {len(tally.lost)} lost, "
        f"the vault was asked {len(vault.asked) - asked} times",
        "bar: nothing is noticed",
        held=post.whole(tally) and post.again == 0,
    )


async def newcomers(play: Play, bot: Ward, vault: KeyVaultServer) -> None:
    """Of a company without a key nothing is taken that could not be sealed; others do not wait for it."""
    vault.status = 200
    vault.gate.clear()
    others, began = bot.post(), now()
    activity = foreign()
    door = Post(bot.world, bot.bot.url, lambda: bot.world.login.sign(serviceurl=bot.world.service))
    coming = asyncio.create_task(door.deliver(json.dumps({**activity, "serviceUrl": bot.world.service}).encode()))
    await others.stream(12, rate=4)
    waiting = not coming.done()
    vault.gate.set()
    status = await coming
    tally = await others.settled(60)
    chat = bot.world.teams.chat(activity["conversation"]["id"])
    await bot.world.teams.until(lambda: bool(chat.finals), 60)
    play.report.line(
        "vault: hangs, a company that has no key yet",
        f"told {door.again} times to send again (slowest {door.slowest:.1f} s), {status} once it answers, "
        f"{len(chat.finals)} answer; beside it {tally.asked} accepted, {others.again} sent again, {len(tally.lost)} lost, "
        f"in {now() - began:.0f} s",
        "bar: 503 within 15 s, then accepted and answered once; nobody else notices",
        held=waiting
        and status == 202
        and len(chat.finals) == 1
        and door.slowest < GIVES_UP
        and others.whole(tally)
        and others.again == 0,
    )


async def nonsense(play: Play, bot: Ward, vault: KeyVaultServer) -> None:
    """What the vault says is none of its answers: no key is lost by it, and the operator is told whose fault it is."""
    vault.body = b'{"kid":"","value":"AAAA"}'
    code, said = await bot.operator("admin", "keys", "rewrap")
    _, doctor = await bot.operator("check")
    vault.body = None
    mended, _ = await bot.operator("admin", "keys", "rewrap")
    line = next((line for line in doctor.splitlines() if "content key" in line), "no line")
    post = bot.post()
    await post.stream(2)
    tally = await post.settled(60)
    play.report.line(
        "vault: answers nonsense to `keys rewrap`",
        f"exit {code}, {said.splitlines()[-1]!r}; the doctor: {line.partition('. Cure')[0]!r}; "
        f"exit {mended} once it answers, {len(tally.lost)} lost",
        "bar: the vault is named, no key is lost",
        held=code == 3 and "vault" in said and line.startswith("FAIL") and mended == 0 and post.whole(tally),
    )


def foreign() -> Activity:
    """A message of somebody in the other company's own chat."""
    room = personal(GUEST)
    activity = message(room, GUEST, "message 99999")
    activity["conversation"]["tenantId"] = activity["channelData"]["tenant"]["id"] = OTHER_TENANT
    return activity
