"""How a person wants to be answered.

Floor 1. An empty value is the house's own choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Length = Literal["", "short", "long"]
Creativity = Literal["", "low", "high"]
Tone = Literal["", "friendly", "formal", "plain"]
LENGTHS: tuple[Length, ...] = get_args(Length)
CREATIVITIES: tuple[Creativity, ...] = get_args(Creativity)
TONES: tuple[Tone, ...] = get_args(Tone)
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "ja": "Japanese"}
"""The languages that are spoken, by their codes, as English calls them."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's settings. `model` is a deployment's name, `language` a two-letter code.

    `number` grows with every change: a card that was made for an older number is not saved over a newer one.
    """

    model: str = ""
    length: Length = ""
    creativity: Creativity = ""
    language: str = ""
    tone: Tone = ""
    number: int = 0


USUAL = Preferences()
