"""Buttons that say something in the person's name (imBack): the Playground's page breaks on them, so they travel as plain data."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.world.playground.byhand import mentioning
from tests.world.playground.cast import NEWCOMER, PERSONAL
from tests.world.playground.memory import Frame

KEY = "saysInMyName"
NEXT = "What may be said next"
"""What a card of suggested actions is called for who cannot see it."""
SHARED = ("timestamp", "from", "directLineConversationId", "textFormat", "attachmentLayout")


def pressable(frame: Frame) -> Frame:
    """The frame with buttons that the page can press."""
    message = frame.get("message", {})
    if not message.get("attachments"):
        return frame
    return {**frame, "message": {**message, "attachments": _plain(message["attachments"])}}


def apart(frame: Frame) -> Iterator[Frame]:
    """The frame without suggested actions, and these as a card of their own: beside them the page shows a message's markdown
    as it is typed, and none of its citations."""
    message = frame.get("message", {})
    actions = (message.get("suggestedActions") or {}).get("actions") or ()
    if not actions:
        yield frame
        return
    yield {**frame, "message": {name: value for name, value in message.items() if name != "suggestedActions"}}
    submits = [{"type": "Action.Submit", "title": each["title"], "data": {KEY: each["value"]}} for each in actions]
    card = {"type": "AdaptiveCard", "version": "1.5", "speak": NEXT, "body": [], "actions": submits}
    shown = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    of = {name: message[name] for name in SHARED if name in message}
    carded = {**of, "messageId": f"{message['messageId']}1", "text": "", "attachments": [shown], "mentions": []}
    yield {**frame, "action": "createMessage", "message": carded}


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
    return mentioning(message, value[KEY])
