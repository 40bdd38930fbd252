"""The manifest of one company, and what it is called in other languages."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from appPackage import commands
from appPackage.given import Given
from appPackage.wording import LANGUAGES, say
from bot.version import VERSION

TEMPLATE = Path(__file__).with_name("manifest.json")
ENGLISH = "en"
PROMPT = ".prompt"
TRANSLATED = re.compile(
    r"name\.(short|full)"
    r"|description\.(short|full)"
    r"|description\.features\[\d\]\.(title|description)"
    r"|bots\[0\]\.commandLists\[\d\]\.commands\[\d+\]\.(title|description|prompt)"
    r"|composeExtensions\[0\]\.commands\[\d\]\.(title|description)"
)
"""The places of the manifest that a language's file replaces, as such a file names them."""


def file(language: str) -> str:
    """What the file of a language is called in the package."""
    return f"{language}.json"


def manifest(given: Given, language: str = ENGLISH) -> dict[str, Any]:
    """The manifest, in English but for the prompts, which are the language's. An unknown placeholder raises `KeyError`."""
    made: dict[str, Any] = json.loads(
        filled(TEMPLATE.read_text(encoding="utf-8"), {**given.values, "VERSION": VERSION})
    )
    made["bots"][0]["commandLists"] = commands.lists(language)
    made["localizationInfo"] = {
        "defaultLanguageTag": ENGLISH,
        "additionalLanguages": [{"languageTag": each, "file": file(each)} for each in LANGUAGES],
    }
    return made


def localised(given: Given, language: str) -> dict[str, str]:
    """The file of a language: each text of the manifest that people read, by its place there."""
    made = manifest(given, language)
    places = {place: text for place, text in flat(made) if TRANSLATED.fullmatch(place)}
    said = {place: text if place.endswith(PROMPT) else say(text, language) for place, text in places.items()}
    return {"$schema": made["$schema"].replace("Teams.schema", "Teams.Localization.schema"), **said}


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with every placeholder replaced; an unknown one raises `KeyError`."""
    return re.sub(r"\$\{\{(\w+)\}\}", lambda found: json.dumps(values[found[1]])[1:-1], template)


def flat(content: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the manifest with its place: `bots[0].scopes[1]`."""
    if isinstance(content, str):
        yield place, content
    elif isinstance(content, Mapping):
        for name, each in content.items():
            yield from flat(each, f"{place}.{name}" if place else name)
    elif isinstance(content, list):
        for number, each in enumerate(content):
            yield from flat(each, f"{place}[{number}]")
