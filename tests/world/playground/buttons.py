"""Buttons that say something in the person's name (imBack): the Playground's page breaks on them, so they travel as plain data."""

from collections.abc import Mapping
from typing import Any

from tests.world.people import BOT, BOT_NAME
from tests.world.playground.cast import NEWCOMER, PERSONAL
from tests.world.playground.memory import Frame

KEY = "saysInMyName"


def pressable(frame: Frame) -> Frame:
    """The frame with buttons that the page can press."""
    message = frame.get("message", {})
    if not message.get("attachments"):
        return frame
    return {**frame, "message": {**message, "attachments": _plain(message["attachments"])}}


def _plain(part: Any) -> Any:
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    asked = part.get("msteams")
    if isinstance(asked, dict) and asked.get("type") == "imBack":
        return {KEY: asked["value"]}
    return {name: _plain(value) for name, value in part.items()}


def pressed(submitted: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message that a pressed button says, as the page would send it; None for another kind of button.

    Among others Teams mentions the bot in it.
    """
    value = submitted.get("value") or {}
    if KEY not in value:
        return None
    message = {"type": "text", "textFormat": "plain", "from": {"id": NEWCOMER.teams}, "text": value[KEY]}
    if submitted["conversation"]["id"] == PERSONAL:
        return message
    tag = f"<at>{BOT_NAME}</at>"
    mention = {"mentioned": {"id": BOT, "name": BOT_NAME}, "text": tag}
    return {**message, "text": f"{tag} {value[KEY]}", "mentions": [mention]}
