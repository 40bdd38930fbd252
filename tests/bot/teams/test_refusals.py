from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.teams.errors import Ambiguous, Ending, MessageGone, Oversize, Rejected, StreamEnded, Throttled
from bot.teams.refusals import LONGEST_WISH, Refusal, lost, refusal, seconds, wait
from dialogs.errors import AssistantError, Busy, Gone, Unavailable

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
STREAM = "ContentStreamNotAllowed"


def body(code: str = "", message: str = "") -> bytes:
    return orjson.dumps({"error": {"code": code, "message": message}})


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_2xx_is_taken(status: int) -> None:
    assert refusal("POST", status, body("ContentStreamSequenceOrderPreConditionFailed")) is None


@pytest.mark.parametrize(
    ("method", "status", "code", "kind", "again"),
    [
        ("POST", 429, "Throttled", Throttled, True),
        ("PUT", 429, "Throttled", Throttled, True),
        ("POST", 503, "", Unavailable, True),
        ("POST", 412, "PreconditionFailed", Unavailable, True),
        ("PUT", 412, "PreconditionFailed", Unavailable, True),
        ("POST", 500, "", Ambiguous, False),
        ("POST", 502, "", Ambiguous, False),
        ("POST", 504, "", Ambiguous, False),
        ("PUT", 500, "", Unavailable, False),
        ("PUT", 502, "", Unavailable, True),
        ("DELETE", 504, "", Unavailable, True),
        ("GET", 503, "", Unavailable, True),
        ("POST", 401, "BotNotRegistered", Unavailable, False),
        ("POST", 404, "ConversationNotFound", Gone, False),
        ("POST", 403, "BotNotInConversationRoster", Gone, False),
        ("POST", 403, "ConversationBlockedByUser", Gone, False),
        ("PUT", 403, "BotDisabledByAdmin", Gone, False),
        ("PUT", 404, "ActivityNotFoundInConversation", MessageGone, False),
        ("DELETE", 404, "ActivityNotFoundInConversation", MessageGone, False),
        ("PUT", 404, "TARGETED_MESSAGE_EXPIRED_OR_DELETED", MessageGone, False),
        ("PUT", 400, "INVALID_TARGETED_MESSAGE_ID", MessageGone, False),
        ("POST", 413, "MessageSizeTooBig", Oversize, False),
        ("POST", 400, "BadArgument", Rejected, False),
        ("POST", 403, "ForbiddenOperationException", Rejected, False),
        ("POST", 403, "InvalidBotApiHost", Rejected, False),
        ("POST", 302, "", Unavailable, False),
        ("PUT", 307, "", Unavailable, False),
        ("POST", 408, "", Ambiguous, False),
        ("PUT", 408, "", Unavailable, True),
        ("GET", 404, "MemberNotFoundInConversation", Rejected, False),
        ("POST", 403, STREAM, StreamEnded, False),
    ],
)
def test_each_refusal_is_one_of_our_errors(
    method: str, status: int, code: str, kind: type[AssistantError], again: bool
) -> None:
    found = refusal(method, status, body(code))
    assert found is not None
    assert (type(found.error), found.again) == (kind, again)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Content stream was canceled by user", Ending.STOPPED),
        ("Content stream was cancelled by user.", Ending.STOPPED),
        ("Content stream finished due to exceeded streaming time.", Ending.TOO_LATE),
        ("Content stream is not allowed on an already completed streamed message", Ending.COMPLETED),
        ("Message size too large", Ending.TOO_LARGE),
        ("Request streamed content should contain the previously streamed content", Ending.PREFIX),
        ("Content stream is not allowed", Ending.NOT_ALLOWED),
        ("", Ending.NOT_ALLOWED),
    ],
)
def test_the_words_of_a_refused_step_say_why_the_stream_ended(message: str, reason: Ending) -> None:
    found = refusal("POST", 403, body(STREAM, message))
    assert found is not None
    assert isinstance(found.error, StreamEnded)
    assert found.error.reason is reason


def test_a_client_that_knows_no_streams_ends_one() -> None:
    found = refusal("POST", 400, body("BadArgument", "Streaming API is not enabled"))
    assert found is not None
    assert isinstance(found.error, StreamEnded)


@pytest.mark.parametrize(
    "text", [b"", b"<html>", b"[]", b"{}", b'{"error": "x"}', b'{"error": {}}', b'{"error": {"code": []}}', b"\xff"]
)
def test_a_refusal_without_words_is_still_one(text: bytes) -> None:
    found = refusal("POST", 403, text)
    assert found is not None
    assert isinstance(found.error, Rejected)


def test_what_the_other_side_wishes_is_told_on() -> None:
    found = refusal("POST", 429, b"", timedelta(seconds=40))
    assert found is not None
    assert found.error.retry_after == timedelta(seconds=40)


@pytest.mark.parametrize(
    ("method", "sent", "kind"),
    [
        ("POST", True, Ambiguous),
        ("POST", False, Unavailable),
        ("PUT", True, Unavailable),
        ("DELETE", True, Unavailable),
    ],
)
def test_only_a_post_that_was_sent_is_ambiguous(method: str, sent: bool, kind: type[AssistantError]) -> None:
    assert type(lost(method, sent=sent).error) is kind


def busy(after: float | None) -> Refusal:
    return Refusal(Busy(retry_after=None if after is None else timedelta(seconds=after)), again=True)


@pytest.mark.parametrize(
    ("again", "tries", "chance", "span"),
    [
        (busy(None), 1, 0.0, 0.25),
        (busy(None), 1, 0.5, 0.5),
        (busy(None), 2, 0.5, 1.0),
        (busy(None), 3, 0.5, None),
        (busy(2), 1, 0.0, 2.0),
        (busy(2), 1, 0.5, 2.25),
        (busy(10), 2, 0.0, 10.0),
        (busy(11), 1, 0.0, None),
        (busy(3600), 1, 0.0, None),
        (Refusal(Ambiguous()), 1, 0.0, None),
    ],
)
def test_waiting_is_bounded_and_scattered(again: Refusal, tries: int, chance: float, span: float | None) -> None:
    found = wait(again, tries, lambda: chance)
    assert (None if found is None else found.total_seconds()) == span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("5", 5),
        ("0.5", 0.5),
        ("-3", 0),
        ("Sat, 21 Nov 2026 08:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0),
        ("Sat, 21 Nov 2026 08:00:30", 30),
        ("soon", None),
        ("nan", None),
        ("1e400", 3600),
        ("99999999999999", 3600),
        ("Sat, 21 Nov 2099 08:00:30 GMT", 3600),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_header_is_seconds_or_a_date(header: Any, span: float | None) -> None:
    found = seconds(header, NOW)
    assert (None if found is None else found.total_seconds()) == span


@given(some.text() | some.floats().map(str) | some.integers().map(str))
def test_whatever_a_retry_after_header_says_the_time_to_try_again_is_a_time(header: str) -> None:
    found = seconds(header, NOW)
    assert found is None or NOW <= NOW + found <= NOW + LONGEST_WISH


def test_a_try_that_teams_put_off_is_not_one_of_the_few() -> None:
    found = refusal("PUT", 429, b"")
    assert found is not None
    assert not found.error.counts
