"""What stands in the Playground's page.

The page keeps its own history: what came before it was opened it never sees, and a reload empties it. So it is kept here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Frame = dict[str, Any]
"""What the page is told over its WebSocket: {action, actionConversationId, message}."""


class Memory:
    """Every message as it stands now, in the order they came."""

    def __init__(self) -> None:
        self._frames: dict[str, Frame] = {}

    def __contains__(self, id: str) -> bool:
        return id in self._frames

    def keep(self, frame: Frame) -> None:
        """A new message is added, a changed one changed in place."""
        message = frame["message"]
        old = self._frames.get(message["messageId"], frame)
        self._frames[message["messageId"]] = {**old, "message": {**old["message"], **message}}

    def frames(self) -> list[Frame]:
        """What draws all of it on an empty page."""
        return list(self._frames.values())


def drawn(
    conversation: str, id: str, author: str, at: datetime, text: str, *, post: str | None = None, **more: Any
) -> Frame:
    """The frame of one message. `post` is the conversation that a new post opens in the channel `conversation`."""
    message: Mapping[str, Any] = {
        "messageId": id,
        "timestamp": int(at.timestamp() * 1000),
        "from": {"id": author},
        "text": text,
        "textFormat": "markdown",
        "attachments": [],
        "attachmentLayout": "list",
        "mentions": [],
        **({"postConversationId": post} if post else {}),
        **more,
    }
    return {"action": "createMessage", "actionConversationId": conversation, "message": dict(message)}
