"""What the doctor sees of the package: its version beside the program's, and what teams and chats have granted.

Floor 7, of the family of `bot.doctor`. Which version is installed stands in Graph's catalogue of apps, and what a team or chat granted
in its `permissionGrants`: the bot asks for neither right, so both are looked at only where somebody gave it one. Source: Graph,
"List permissionGrants of a team" and "of a chat".
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile
from zlib import error as BadStream

from bot.findings import Check, Probes, Reply, State, Topic, Watch
from bot.settings import Settings
from bot.version import VERSION

MOST = 1024 * 1024
"""Bytes of a manifest that are read."""
ASKED = {"teams": ("ChannelMessage.Read.Group",), "chats": ("ChatMessage.Read.Chat",)}
"""What the package asks of each. Its template (`appPackage/manifest.json`) is not there where the bot runs."""
RIGHTS = {"teams": "TeamsAppInstallation.Read.Group", "chats": "TeamsAppInstallation.Read.Chat"}
"""What reading the grants of one takes, granted by itself."""
UNPACKED = "app.py check --package parley.zip, the one that was uploaded; which one Teams has is not seen from here"
ANEW = "make the package anew, and upload it in the Teams admin centre"
NAMELESS = "app.py check --team TEAM-ID, or --chat CHAT-ID"
AGAIN = (
    "add Parley there anew, with the newest package: who owns the team, or belongs to the chat, grants what it asks for"
)
TRY = "ask for a summary there: it reads, or says what is missing"


async def look_at_package(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The package that was uploaded is of this program and this bot; without one, what would be made here."""
    if probes.asked.package is None:
        words = f"not looked at; one made with this program has version {VERSION}"
        yield Check(Topic.PACKAGE, State.WARN, words, UNPACKED)
        return
    found = await asyncio.to_thread(packed, probes.asked.package)
    if found is None:
        yield Check(Topic.PACKAGE, State.FAIL, "holds no manifest", "make one: make package")
    elif {settings.microsoft_app_id} != {*bots(found)}:
        yield Check(Topic.PACKAGE, State.FAIL, "is another bot's than MICROSOFT_APP_ID", ANEW)
    elif found.get("version") != VERSION:
        words = f"has version {str(found.get('version'))[:20]!a}, the program {VERSION}"
        yield Check(Topic.PACKAGE, State.WARN, words, ANEW)
    else:
        yield Check(Topic.PACKAGE, State.OK, f"has the program's version {VERSION}, and is this bot's")


def packed(package: Path) -> dict[str, Any] | None:
    """The manifest of a package; None where there is none."""
    try:
        with ZipFile(package) as opened, opened.open("manifest.json") as file:
            found = json.loads(file.read(MOST))
    except (OSError, BadZipFile, BadStream, KeyError, ValueError, RuntimeError):
        # The last where it is encrypted, or packed in a way that Python does not know.
        return None
    return found if isinstance(found, dict) else None


def bots(manifest: dict[str, Any]) -> Iterator[str]:
    """The apps that a manifest names: the bots', and that of the sign-in."""
    for one in manifest.get("bots") or ():
        yield str(one.get("botId")).lower()
    yield str((manifest.get("webApplicationInfo") or {}).get("id")).lower()


async def look_at_resource_grants(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """What the teams and chats that the operator named have granted."""
    places = [("teams", each) for each in probes.asked.teams] + [("chats", each) for each in probes.asked.chats]
    if not places:
        yield Check(Topic.RESOURCE_GRANTS, State.WARN, "of no team or chat was it looked at", NAMELESS)
        return
    token = await probes.graph_token()
    for number, (kind, place) in enumerate(places, 1):
        watch = Watch()
        reply = await Reply.of(
            probes, f"{settings.graph_url}/v1.0/{kind}/{quote(place, safe='')}/permissionGrants", token
        )
        state, seen, cure = granted(settings, kind, reply)
        yield Check(Topic.RESOURCE_GRANTS, state, seen, cure, f"{kind.removesuffix('s')} {number}", watch.lap())


def granted(settings: Settings, kind: str, reply: Reply) -> tuple[State, str, str]:
    """What Graph's answer means."""
    if reply.status in (401, 403):
        words = (
            f"may not be read (status {reply.status}): that takes {RIGHTS[kind]}, which the package does not ask for"
        )
        return State.WARN, words, TRY
    if reply.status == 404:
        return State.FAIL, "there is none such", "look at the id"
    if reply.status != 200 or not isinstance(reply.field("value"), list):
        return State.WARN, f"status {reply.status}", TRY
    given = {one.get("permission") for one in reply.field("value") if ours(settings, one)}
    lacking = sorted(set(ASKED[kind]) - given)
    if lacking:
        return State.FAIL, f"lacks {', '.join(lacking)}", AGAIN
    return State.OK, "grants what the package asks for", ""


def ours(settings: Settings, one: Any) -> bool:
    """Whether a grant is this app's."""
    return isinstance(one, dict) and settings.microsoft_app_id in (one.get("clientAppId"), one.get("clientId"))
