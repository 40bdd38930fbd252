"""What an answer of the connector means: taken, to be tried again, or which of our errors it is.

Floor 5. Pure decisions. Source: Microsoft Teams' status codes from bot conversational APIs, and its streaming errors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import orjson

from bot.teams.errors import Ambiguous, Ending, MessageGone, Oversize, Rejected, StreamEnded, Throttled
from dialogs.errors import AssistantError, Gone, Unavailable

TRIES = 3
"""How often one call is made at most."""
FIRST_WAIT = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(seconds=10)
"""A longer wait than this is left to the store's schedule."""
LONGEST_WISH = timedelta(hours=1)
"""A wish for more is not believed: Teams' longest window is an hour, and the sum with a date must be one."""

_GONE = frozenset(
    {
        "ConversationNotFound",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "BotDisabledByAdmin",
    }
)
_MISSING = frozenset(
    {
        "ActivityNotFoundInConversation",
        "TARGETED_MESSAGE_EXPIRED_OR_DELETED",
        "INVALID_TARGETED_MESSAGE_ID",
    }
)
_ENDINGS = (
    ("cancel", Ending.STOPPED),
    ("exceeded streaming time", Ending.TOO_LATE),
    ("already completed", Ending.COMPLETED),
    ("too large", Ending.TOO_LARGE),
    ("previously streamed", Ending.PREFIX),
)
_AGAIN = frozenset({408, 412, 502, 503, 504})
_UNSURE = frozenset({408, 500, 502, 504})
"""After these nobody knows whether a POST took effect."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`error` is what to raise; `again` whether the same call may be made once more before that."""

    error: AssistantError
    again: bool = False


def refusal(method: str, status: int, body: bytes, retry_after: timedelta | None = None) -> Refusal | None:
    """What an answer means; None when the call was taken."""
    if 200 <= status < 300:
        # Also 202 ContentStreamSequenceOrderPreConditionFailed: the next step carries the whole text anyway.
        return None
    if method == "POST" and status in _UNSURE:
        return Refusal(Ambiguous())
    if status == 429:
        return Refusal(Throttled(retry_after=retry_after), again=True)
    if status >= 500 or 300 <= status < 400 or status in (401, 408, 412):
        # A redirect is not followed: it might lead anywhere with the token. Whoever sends one is out of order for a while.
        return Refusal(Unavailable(retry_after=retry_after), again=status in _AGAIN)
    code, message = told(body)
    return Refusal(_lasting(method, status, code, message))


def lost(method: str, *, sent: bool) -> Refusal:
    """What a connection that failed or timed out means. `sent`: the request may have arrived."""
    if sent and method == "POST":
        return Refusal(Ambiguous())
    return Refusal(Unavailable(), again=True)


def told(body: bytes) -> tuple[str, str]:
    """The code and the message of an error body; empty where it has none."""
    try:
        error = orjson.loads(body)["error"]
        return str(error["code"]), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""


def ending(message: str) -> Ending:
    """Why a stream was ended, from the words of the refusal: all reasons share one code."""
    lowered = message.lower()
    return next((reason for words, reason in _ENDINGS if words in lowered), Ending.NOT_ALLOWED)


def wait(again: Refusal, tries: int, chance: Callable[[], float]) -> timedelta | None:
    """How long to wait after the `tries`-th try; None when it is over. `chance` is a number in [0, 1)."""
    if not again.again or tries >= TRIES:
        return None
    wish = again.error.retry_after
    span = FIRST_WAIT * (1 << (tries - 1)) * (0.5 + chance()) if wish is None else wish + FIRST_WAIT * chance()
    return span if span <= LONGEST_WAIT + FIRST_WAIT else None


def seconds(header: str | None, now: datetime) -> timedelta | None:
    """A Retry-After header: seconds or a date; None when it is neither. Never more than `LONGEST_WISH`."""
    if not header:
        return None
    try:
        wish = timedelta(seconds=min(float(header), LONGEST_WISH.total_seconds()))
    except (ValueError, OverflowError):
        return _until(header, now)
    return max(timedelta(0), wish)


def _until(header: str, now: datetime) -> timedelta | None:
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return min(max(timedelta(0), (date if date.tzinfo else date.replace(tzinfo=UTC)) - now), LONGEST_WISH)


def _lasting(method: str, status: int, code: str, message: str) -> AssistantError:
    if status == 413:
        return Oversize()
    if code == "ContentStreamNotAllowed" or "streaming api is not enabled" in message.lower():
        return StreamEnded(ending(message))
    if code in _GONE:
        return Gone()
    if code in _MISSING and method in ("PUT", "DELETE"):
        return MessageGone()
    return Rejected(status, code)
