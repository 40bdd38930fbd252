"""Citations: Teams takes twenty on a message and draws them everywhere, the Playground takes ten and draws them in paragraphs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.world.playground.memory import Frame

LABEL = "https://schema.org/Message"
TAKEN = 10
"""Citations the Playground's connector takes on a message; its page draws any number."""
ITEM = re.compile(r"^([-*] .+)$", re.MULTILINE)
SECOND = "\n\n  <!-- -->"
"""A list item with a second block in it, be it one that nobody sees, is drawn as paragraphs."""

Citation = Mapping[str, Any]


class Citations:
    """The citations the Playground would not take, put back before the page is told. Messages are known by their text."""

    def __init__(self) -> None:
        self._whole: dict[str, Sequence[Citation]] = {}

    def cut(self, activity: Mapping[str, Any]) -> Mapping[str, Any]:
        """The bot's activity as the Playground takes it."""
        return {**activity, "entities": [self._cut(activity, entity) for entity in activity.get("entities") or ()]}

    def _cut(self, activity: Mapping[str, Any], entity: Mapping[str, Any]) -> Mapping[str, Any]:
        cited = entity.get("citation") or ()
        if entity.get("type") != LABEL or len(cited) <= TAKEN:
            return entity
        self._whole[activity.get("text") or ""] = cited
        return {**entity, "citation": cited[:TAKEN]}

    def whole(self, frame: Frame) -> Frame:
        """The frame with all the bot cited."""
        message = frame.get("message", {})
        cited = self._whole.get(message.get("text") or "")
        if not message.get("aiEntity") or cited is None:
            return frame
        return {**frame, "message": {**message, "aiEntity": {**message["aiEntity"], "citation": cited}}}


def loose(frame: Frame) -> Frame:
    """The frame with its list items as paragraphs of their own."""
    message = frame.get("message", {})
    if not (message.get("aiEntity") or {}).get("citation"):
        return frame
    return {**frame, "message": {**message, "text": ITEM.sub(rf"\1{SECOND}", message["text"])}}
