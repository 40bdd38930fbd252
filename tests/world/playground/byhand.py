"""Mentions in what the newcomer types.

The page makes a mention only of what is chosen from the list behind the `@`. Who types the whole of `@Parley summarise`, as
every page of ours writes it, would wait for an answer in vain.
"""

import re
from collections.abc import Mapping
from typing import Any

from tests.world.people import BOT, BOT_NAME

TAG = f"<at>{BOT_NAME}</at>"
BY_HAND = re.compile(rf"\s*@{BOT_NAME}(?!\w)[\s,:]*", re.IGNORECASE)


def wakes(typed: Mapping[str, Any]) -> bool:
    """Whether the bot is mentioned; in a personal chat it need not be."""
    return any(mention["mentioned"]["id"] == BOT for mention in typed.get("mentions", ()))


def mentioning(typed: Mapping[str, Any], words: str) -> dict[str, Any]:
    """The message with these words behind a mention of the bot."""
    mention = {"mentioned": {"id": BOT, "name": BOT_NAME}, "text": TAG}
    return {**typed, "text": f"{TAG} {words}", "mentions": [*typed.get("mentions", ()), mention]}


def meant(typed: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message as it was meant: the bot's name behind an `@` at its beginning is a mention."""
    text = str(typed.get("text") or "")
    found = None if wakes(typed) else BY_HAND.match(text)
    return mentioning(typed, text[found.end() :]) if found else typed
