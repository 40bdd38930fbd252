"""The way by which Teams comes: the public name, its certificates, and the door that answers behind it.

Floor 7, of the family of `bot.doctor`. Nobody says where Teams calls but the Azure Bot resource, which the bot may not read, so the
operator does: `app.py check --public https://bot.contoso.com`. The door is asked without a token and must refuse with 401.
"""

import ssl
from collections.abc import AsyncIterator

import aiohttp

from bot.certificates import judged, shown
from bot.findings import Check, Probes, State, Topic, Watch
from bot.names import split
from bot.reach import told
from bot.settings import Settings

QUICK = 1_000
"""Milliseconds in which the door refuses."""
PATIENCE = aiohttp.ClientTimeout(total=8)
PATH = "/api/messages"
UNASKED = "app.py check --public https://<the host of the Azure Bot's messaging endpoint>"
LISTENER = "open port 443 to the gateway, and look at its listener"
CURES = {
    403: "look at the web application firewall and IP rules: what Teams sends is refused before it arrives",
    404: f"route {PATH} to the bot",
    405: f"let POST {PATH} through to the bot",
    502: "the gateway does not reach the bot: look at its health probe and the bot's /readyz",
    503: "the bot is not ready: look at /readyz",
    504: "the gateway does not reach the bot: look at its health probe and the bot's /readyz",
}


async def look_at_gate(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The public name, its certificates, and the door."""
    parts = split(probes.asked.public)
    if parts is None or parts.hostname is None:
        yield Check(Topic.PUBLIC, State.WARN, "not looked at: where Teams calls was not said", UNASKED)
        return
    yield await pointed(probes, parts.hostname)
    if parts.scheme == "https":
        try:
            found = await shown(parts.hostname, parts.port or 443, probes.trust)
        except (OSError, ValueError) as error:
            yield Check(Topic.CERTIFICATE, State.FAIL, f"none was shown ({type(error).__name__})", LISTENER)
            return
        for check in judged(found, parts.hostname, probes.now()):
            yield check
    yield await refusing(probes)


async def pointed(probes: Probes, name: str) -> Check:
    """Where the public name leads, as seen from here: inside the network it may well be private."""
    watch = Watch()
    try:
        found = await probes.resolve(name)
    except (OSError, UnicodeError) as error:
        seen, cure = f"its name is not known ({type(error).__name__})", "make its record in the public DNS"
        return Check(Topic.PUBLIC, State.FAIL, seen, cure, name, watch.lap())
    return Check(Topic.PUBLIC, State.OK, told(found), about=name, millis=watch.lap())


async def refusing(probes: Probes) -> Check:
    """Whether the door refuses who brings no token, and how fast."""
    watch = Watch()
    blind = probes.trust()
    # Nothing secret is sent, and what is wrong with the certificates stands in lines of its own.
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    address = probes.asked.public + PATH
    try:
        async with probes.session.post(
            address, json={}, ssl=blind, allow_redirects=False, timeout=PATIENCE
        ) as response:
            return opened(response.status, watch.lap())
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        seen = f"does not answer ({type(error).__name__})"
        return Check(Topic.DOOR, State.FAIL, seen, LISTENER, millis=watch.lap())


def opened(status: int, millis: int) -> Check:
    """What an answer to somebody without a token means."""
    if status == 401:
        quick = millis <= QUICK
        words = "refuses who brings no token" + ("" if quick else ", and takes long for it")
        cure = "" if quick else "look at the load, and at the way from the gateway to the bot"
        return Check(Topic.DOOR, State.OK if quick else State.WARN, words, cure, millis=millis)
    if status < 300:
        cure = "this is not the bot, or something in between answers for it: look at the gateway's routes"
        return Check(Topic.DOOR, State.FAIL, f"takes messages without a token (status {status})", cure, millis=millis)
    cure = CURES.get(status, "look at the gateway: the bot does not answer so")
    return Check(Topic.DOOR, State.FAIL, f"answers with status {status}, not 401", cure, millis=millis)
