"""What a refusal of Azure OpenAI means for the person who waits.

Floor 6. Pure: a status, the inner `error` object and the headers go in, one of our errors comes out. Neither the
message nor any other text of the refusal is kept, for it may quote the prompt.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from dialogs.errors import (
    AllBusy,
    AssistantError,
    Blocked,
    Busy,
    Damaged,
    ModelGone,
    Silent,
    TooBig,
    TooLong,
    Unavailable,
)

FILTERED = frozenset({"content_filter", "ResponsibleAIPolicyViolation", "image_content_policy_violation"})
LARGE = frozenset({"image_too_large", "image_file_too_large"})
SPOILT = frozenset(
    {
        *("invalid_image", "invalid_image_format", "invalid_base64_image", "invalid_image_url", "image_parse_error"),
        *("image_too_small", "unsupported_image_media_type", "empty_image_file"),
    }
)
"""What is wrong with a picture (codes of OpenAI's `ResponseError`; the same where a request has other parts)."""
GONE = frozenset({"DeploymentNotFound", "model_not_found", "ServiceModelDeprecated", "ModelDeprecated"})
"""Of a deployment that is not there, or not any more."""
TOO_LONG = frozenset({"context_length_exceeded", "string_above_max_length"})
BUSY = frozenset({"429", "rate_limit_exceeded", "too_many_requests", "EngineOverloaded", "server_overloaded"})
WAITS = (("retry-after-ms", 0.001), ("retry-after", 1.0))
RESETS = ("x-ratelimit-reset-requests", "x-ratelimit-reset-tokens")
LONGEST = timedelta(minutes=2)
"""A longer wish is cut: the person is told rather than kept waiting."""


def refusal(status: int, error: object, headers: Mapping[str, str]) -> AssistantError:
    """Our error for a refusal; status 0 is one that came in the middle of a stream."""
    codes = named(error)
    if codes & FILTERED:
        return Blocked()
    if codes & TOO_LONG or status == 413:
        return TooLong()
    if codes & LARGE:
        return TooBig()
    if codes & SPOILT:
        return Damaged()
    if status == 429 or codes & BUSY:
        return Busy(retry_after=wait(headers))
    if codes & GONE or status in (404, 410):
        return ModelGone()
    return AssistantError() if status in (400, 422) else Unavailable()


def summed(failures: Sequence[AssistantError]) -> AssistantError:
    """What it comes to that no resource has answered; what another would answer no better stands alone.

    Where one is there and has too much to do, it is worth waiting for: no longer than for the first that said how long.
    """
    if final := next((failure for failure in failures if failure.final), None):
        return final
    if busy := [failure for failure in failures if isinstance(failure, Busy)]:
        return AllBusy(retry_after=min((each.retry_after for each in busy if each.retry_after), default=None))
    if failures and all(isinstance(failure, ModelGone) for failure in failures):
        return ModelGone()
    return Silent() if any(isinstance(failure, Silent) for failure in failures) else Unavailable()


def named(error: object) -> frozenset[str]:
    """Every code an `error` object bears, its own and its inner one's."""
    if not isinstance(error, Mapping):
        return frozenset()
    inner = error.get("innererror")
    deeper = named(inner) if isinstance(inner, Mapping) else frozenset()
    return deeper | {str(code) for code in (error.get("code"), error.get("type")) if code is not None}


def wait(headers: Mapping[str, str]) -> timedelta | None:
    """How long we are asked to wait: in milliseconds, in seconds, or until the limits start afresh."""
    wishes = [seconds(headers.get(name)) * unit for name, unit in WAITS]
    wishes.append(max(seconds(headers.get(name)) for name in RESETS))
    found = next((wish for wish in wishes if wish > 0), None)
    return None if found is None else min(timedelta(seconds=found), LONGEST)


def seconds(value: Any) -> float:
    """A bare number; 0 for anything else, dates too."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if 0 < number < 1e9 else 0.0
