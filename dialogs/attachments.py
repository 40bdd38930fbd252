"""What is sent along with a message, and the documents that are handed over in return.

Floor 1.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sent(StrEnum):
    """How Teams handed something over that was sent along.

    A `FILE` waits at a short-lived address, a `PICTURE` on the bot's own connector. A message in a channel or group chat only
    shows that something was `POSTED` with it: the file itself is known to Microsoft Graph alone.
    """

    FILE = "file"
    PICTURE = "picture"
    POSTED = "posted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something sent along with a message; nothing of it has been fetched. The address of a file is a secret."""

    name: str
    media_type: str
    address: str
    sent: Sent = Sent.OTHER


@dataclass(frozen=True, slots=True)
class Handover:
    """A document that is handed to the person if they agree. Its content is kept under `key`; `size` is in bytes."""

    key: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A document that was handed over: what Teams shows it by."""

    name: str
    link: str
    id: str
    type: str
