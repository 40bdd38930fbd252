"""What Teams asks of a package beyond its schema, and what we ask: sizes, icons, lengths, and that all its parts agree.

Each rule is a function from a package to what is wrong with it, a line each. Sources: Teams' pages on app packages, on icons
and on localisation; where a bound is ours, its comment says so.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from appPackage.given import Given
from appPackage.icons import alpha, is_ground, is_white, pixels
from appPackage.manifest import PROMPT, TRANSLATED, flat
from bot.names import stays_here
from bot.version import VERSION

LARGEST = 200_000
"""Bytes of the zip. Ours: it is a tenth of that, and Teams fetches it for every person."""
COLOUR, OUTLINE = (192, 192), (32, 32)
"""Pixels of the icons."""
LIMITS = {
    r"name\.short": 30,
    r"name\.full": 100,
    r"description\.short": 80,
    r"description\.full": 4000,
    r"description\.features\[\d\]\.title": 45,
    r"description\.features\[\d\]\.description": 120,
    r"developer\.name": 32,
    r".*commandLists.*\.title": 40,  # ours: the schema allows 128, a line on a phone about this
    r".*commandLists.*\.description": 128,  # ours, for the same reason
    r".*commandLists.*\.prompt": 128,  # ours: a prompt is the beginning of a message
    r"composeExtensions.*\.title": 32,
    r"composeExtensions.*\.description": 128,
}
"""The most characters a text may have, by its place."""
MOST_COMMANDS = 12
RIGHTS = {("ChannelMessage.Read.Group", "Application"), ("ChatMessage.Read.Chat", "Application")}
"""The permissions in a team or a chat that the code uses (`bot.graph.source`)."""
VERSIONED = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")


@dataclass(frozen=True, slots=True)
class Package:
    """A package, read. `languages` are the files of its languages by their names; `size` is the zip's, in bytes."""

    size: int
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    languages: Mapping[str, Mapping[str, str]]

    @property
    def texts(self) -> Mapping[str, str]:
        """Every text of the manifest, by its place."""
        return dict(flat(self.manifest))

    @property
    def named(self) -> Mapping[str, str]:
        """The tags of its languages, by the names of their files."""
        listed = self.manifest["localizationInfo"]["additionalLanguages"]
        return {each["file"]: each["languageTag"] for each in listed}


def opened(package: bytes) -> Package:
    """A zip as Teams reads it. Raises `zipfile.BadZipFile`, and `KeyError` for one without a manifest."""
    with zipfile.ZipFile(io.BytesIO(package)) as content:
        files = {name: content.read(name) for name in content.namelist()}
    read = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}
    return Package(len(package), files, read.pop("manifest.json"), read)


def faults(package: Package, given: Given) -> list[str]:
    """Everything that is wrong with a package that was made from this, a line each."""
    found = [*contents(package), *versions(package), *ids(package, given), *addresses(package, given)]
    return [*found, *places(package), *rights(package), *lengths(package), *languages(package), *icons(package)]


def contents(package: Package) -> Iterator[str]:
    """Exactly the manifest and the files that it names, at the root, and no more bytes than needed."""
    wanted = {"manifest.json", *package.manifest["icons"].values(), *package.named}
    yield from (f"{name} is missing" for name in sorted(wanted - package.files.keys()))
    yield from (f"{name} is named nowhere in the manifest" for name in sorted(package.files.keys() - wanted))
    if package.size > LARGEST:
        yield f"the package has {package.size} bytes, more than {LARGEST}"


def versions(package: Package) -> Iterator[str]:
    """The package's version is the program's, and the schema it names is that of its form."""
    version = package.manifest["version"]
    if version != VERSION or not VERSIONED.fullmatch(version):
        yield f"version {version} is not the program's, {VERSION}, or not of three whole numbers"
    if f"/teams/v{package.manifest['manifestVersion']}/" not in package.manifest["$schema"]:
        yield "manifestVersion is not that of $schema"


def ids(package: Package, given: Given) -> Iterator[str]:
    """One app registration is the app, the bot, the action and the sign-in."""
    manifest = package.manifest
    sign_in = manifest["webApplicationInfo"]
    every = {"id": manifest["id"], "webApplicationInfo.id": sign_in["id"]}
    every |= {place: text for place, text in package.texts.items() if place.endswith(".botId")}
    yield from (f"{place} is not MICROSOFT_APP_ID" for place, text in every.items() if text != given.app_id)
    if sign_in["resource"] != f"api://botid-{given.app_id}":
        yield "webApplicationInfo.resource is not api://botid-<MICROSOFT_APP_ID>"


def addresses(package: Package, given: Given) -> Iterator[str]:
    """Teams trusts the sign-in page's host and no other; every page is https, and none is on this machine."""
    if package.manifest["validDomains"] != [given.sign_in] or not re.fullmatch(r"[a-z0-9.-]+\.[a-z]+", given.sign_in):
        yield "validDomains is not the host of the sign-in page alone"
    for place, text in package.texts.items():
        if place.endswith("Url") and (urlsplit(text).scheme != "https" or stays_here(text)):
            yield f"{place} is no page that people can open"
        if "${{" in text:
            yield f"{place} was not filled in"


def places(package: Package) -> Iterator[str]:
    """Each place the bot works in has one list of commands, and the app may be added to all of them."""
    manifest = package.manifest
    (bot,) = manifest["bots"]
    listed = [scope for each in bot["commandLists"] for scope in each["scopes"]]
    if sorted(listed) != sorted(bot["scopes"]):
        yield "not every scope of the bot has one list of commands"
    if manifest["defaultInstallScope"] not in bot["scopes"]:
        yield "defaultInstallScope is no scope of the bot"
    if manifest["defaultGroupCapability"].keys() != {scope.lower() for scope in bot["scopes"]} - {"personal"}:
        yield "defaultGroupCapability names other places than the bot's scopes"
    if "team" in bot["scopes"] and manifest.get("supportsChannelFeatures") != "tier1":
        yield "supportsChannelFeatures is missing, which Teams wants of a bot in teams"
    for each in bot["commandLists"]:
        yield from listing(each["scopes"][0], each["commands"])


def listing(scope: str, commands: list[Mapping[str, str]]) -> Iterator[str]:
    """A list that Teams shows whole, with a prompt behind every title."""
    if len(commands) > MOST_COMMANDS:
        yield f"{scope}: {len(commands)} commands, Teams shows {MOST_COMMANDS}"
    if len({each["title"] for each in commands}) < len(commands):
        yield f"{scope}: two commands with one title"
    if not all(each["type"] == "prompt" and each["prompt"].strip() for each in commands):
        yield f"{scope}: a command without a prompt"


def rights(package: Package) -> Iterator[str]:
    """It asks for what the code uses, and for nothing else."""
    asked = [(e["name"], e["type"]) for e in package.manifest["authorization"]["permissions"]["resourceSpecific"]]
    if sorted(asked) != sorted(RIGHTS):
        yield "the permissions asked for are not those that the program uses"
    if extra := {"permissions", "devicePermissions"} & package.manifest.keys():
        yield f"{', '.join(sorted(extra))}: nothing in the program uses that"


def lengths(package: Package) -> Iterator[str]:
    """No text is longer than where it is shown, in any language."""
    for name, texts in {"manifest.json": package.texts, **package.languages}.items():
        for place, text in texts.items():
            most = min((limit for form, limit in LIMITS.items() if re.fullmatch(form, place)), default=len(text))
            if not text.strip() or len(text) > most:
                yield f"{name}: {place} has {len(text)} characters, at least 1 and at most {most} fit"


def languages(package: Package) -> Iterator[str]:
    """Every language says all that English says, and nothing else."""
    wanted = {place for place in package.texts if TRANSLATED.fullmatch(place)}
    for name, texts in package.languages.items():
        said = texts.keys() - {"$schema"}
        yield from (f"{name}: {place} is not said" for place in sorted(wanted - said))
        yield from (f"{name}: {place} is nowhere in the manifest" for place in sorted(said - wanted))
        if package.named.get(name) != name.removesuffix(".json"):
            yield f"{name} is listed under another language"
        yield from twice(name, texts)


def twice(name: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Two commands of a list that read the same in a language."""
    for prefix in sorted({place.rpartition("[")[0] for place in texts if place.endswith(PROMPT)}):
        titles = [text for place, text in texts.items() if place.startswith(prefix) and place.endswith(".title")]
        if len(set(titles)) < len(titles):
            yield f"{name}: two commands of {prefix} with one title"


def icons(package: Package) -> Iterator[str]:
    """The colour icon fills its square and keeps its drawing in the middle; the outline is white on nothing."""
    named = package.manifest["icons"]
    colour, outline = (pixels(package.files.get(named[each], b"")) for each in ("color", "outline"))
    if colour is None or colour.size != COLOUR or alpha(colour) != (255, 255):
        yield f"{named['color']} is no PNG of 192 × 192 pixels without anything transparent"
    elif not is_ground(colour):
        yield f"{named['color']} draws outside its middle of 120 × 120 pixels"
    if outline is None or outline.size != OUTLINE or not is_white(outline):
        yield f"{named['outline']} is no PNG of 32 × 32 pixels, white on nothing"
