"""What Teams alone can answer back, as types with words.

Floor 5. Everything that other rooms have a word for is translated into `dialogs.errors`; this is the rest.
"""

from enum import StrEnum

from dialogs.errors import AssistantError, Busy, TooLong


class Ambiguous(AssistantError):
    """I could not tell whether Teams took my answer, so I look again before I say it a second time."""

    lasting = False


class Throttled(Busy):
    """Microsoft Teams takes no more from me here just now. Your message is kept, and I go on as soon as I may."""

    counts = False


class Oversize(TooLong):
    """My answer is longer than Microsoft Teams takes. Asking for less of it at once helps."""


class MessageGone(AssistantError):
    """The message I wanted to change is no longer there."""


class Rejected(AssistantError):
    """Teams did not take what I wanted to show."""

    def __init__(self, status: int = 0, code: str = "") -> None:
        """`status` is HTTP's, `code` the connector's error code; neither is shown."""
        super().__init__()
        self.status = status
        self.code = code


class Ending(StrEnum):
    """Why a stream takes no further step."""

    STOPPED = "stopped"
    TOO_LATE = "too late"
    COMPLETED = "completed"
    TOO_LARGE = "too large"
    PREFIX = "prefix"
    NOT_ALLOWED = "not allowed"


class StreamEnded(AssistantError):
    """Teams takes no further piece of this answer as it is being written."""

    def __init__(self, reason: Ending) -> None:
        """`reason` decides what may still be done: nothing after a stop, an update after most others."""
        super().__init__()
        self.reason = reason
