"""From words to a window."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.errors import NotUnderstood
from dialogs.ranges import understood, window
from dialogs.talk import Window
from tests.dialogs.desk import NOW


@pytest.mark.parametrize(
    "words", ["", "this", "this thread", "the whole chat", "everything", "this channel please", "it."]
)
def test_no_range_means_the_whole(words: str) -> None:
    assert window(words, NOW, UTC) == Window()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("last 50 messages", Window(last=50)),
        ("the LAST 3 posts", Window(last=3)),
        ("the last 24 hours", Window(since=NOW - timedelta(hours=24))),
        ("of the past 2 weeks", Window(since=NOW - timedelta(weeks=2))),
        ("last hour", Window(since=NOW - timedelta(hours=1))),
        ("today", Window(since=datetime(2026, 11, 21, tzinfo=UTC))),
        (
            "yesterday",
            Window(since=datetime(2026, 11, 20, tzinfo=UTC), until=datetime(2026, 11, 21, tzinfo=UTC)),
        ),
        ("since yesterday", Window(since=datetime(2026, 11, 20, tzinfo=UTC))),
        ("since Monday", Window(since=datetime(2026, 11, 16, tzinfo=UTC))),
        ("since saturday", Window(since=datetime(2026, 11, 21, tzinfo=UTC))),
        ("since 2026-11-02", Window(since=datetime(2026, 11, 2, tzinfo=UTC))),
        ("this week", Window(since=datetime(2026, 11, 16, tzinfo=UTC))),
    ],
)
def test_a_range_is_understood(words: str, expected: Window) -> None:
    assert window(words, NOW, UTC) == expected


def test_a_day_begins_at_the_persons_own_midnight() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert window("today", late, ZoneInfo("Europe/Berlin")).since == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["since the flood", "last moon", "since", "the last 99999999999 days", "2026-99-99", "between us"]
)
def test_other_words_are_asked_back_with_what_is_possible(words: str) -> None:
    with pytest.raises(NotUnderstood, match="last 24 hours"):
        window(words, NOW, UTC)


def test_words_can_be_tried_without_an_error() -> None:
    assert [understood("since Monday"), understood("what Anna said")] == [True, False]
