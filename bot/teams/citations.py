"""The label under a message that a model had a hand in: "AI generated", and the sources of its `[1]` marks.

Floor 5. Teams takes one such entity a message, and refuses the message for a citation that breaks its rules.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from botbuilder.schema import Entity

from bot.teams.escape import tame
from dialogs.addresses import host
from dialogs.plain import cut, line
from dialogs.sources import CITATIONS
from dialogs.talk import Answer, Cite

NAME = 80
"""Longest name of a citation in characters."""
ABSTRACT = 160
"""Longest abstract of a citation in characters."""
ADDRESS = 500
"""Longest address that is handed on, so that twenty of them leave room for the text."""
SCHEMA = "https://schema.org/Message"

_MARK = re.compile(r"\[(\d{1,9})\]")


def labels(answer: Answer, text: str) -> list[Entity]:
    """The entities of a message of the answer that shows `text`: one or none."""
    claims = [_claim(cite) for cite in cited(answer.cites, text)]
    if not answer.ai and not claims:
        return []
    entity = Entity(type=SCHEMA)
    entity.additional_properties = {
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        **({"additionalType": ["AIGeneratedContent"]} if answer.ai else {}),
        **({"citation": claims} if claims else {}),
    }
    return [entity]


def links(cites: Iterable[Cite]) -> frozenset[str]:
    """The addresses that may be pressed: only what the answer names as its sources."""
    return frozenset(cite.link for cite in cites if _fit(cite.link))


def cited(cites: Iterable[Cite], text: str) -> list[Cite]:
    """The sources whose marks occur in the text, in the order of the marks, each once, as many as Teams takes."""
    by_number = {cite.number: cite for cite in reversed(list(cites))}
    return [by_number[number] for number in _marks(text) if number in by_number][:CITATIONS]


def _marks(text: str) -> Iterator[int]:
    """The numbers written exactly as a citation's position is: `[07]` is none."""
    yield from dict.fromkeys(int(mark) for mark in _MARK.findall(text) if not mark.startswith("0"))


def _fit(link: str) -> bool:
    return bool(host(link)) and len(link) <= ADDRESS


def _claim(cite: Cite) -> dict[str, Any]:
    name = cut(line(tame(cite.title)), NAME) or f"Source {cite.number}"
    look = {"@type": "DigitalDocument", "name": name, "abstract": cut(line(tame(cite.quote)), ABSTRACT) or name}
    if _fit(cite.link):
        look["url"] = cite.link
    return {"@type": "Claim", "position": cite.number, "appearance": look}
