"""The arithmetic of the pace, by property: whatever is asked, no window is ever overrun, and nobody waits for nothing."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.teams.errors import Throttled
from bot.teams.pacing import NONE, PATIENCE, PUBLISHED, UNTOLD, Limits, Pacing, Track, Tracks, Windows, place

TEAMS = "https://smba.example/emea"
CHAT = f"{TEAMS}/v3/conversations/19%3Aa%40thread.v2/activities"
OTHER = f"{TEAMS}/v3/conversations/19%3Ab%40thread.v2/activities"

gaps = some.lists(some.floats(0, 3, allow_nan=False), min_size=1, max_size=200)
narrow = some.lists(
    some.tuples(some.integers(1, 9), some.floats(0.5, 40, allow_nan=False)), min_size=1, max_size=3
).map(tuple)


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def pacing(clock: Clock, limits: Limits = PUBLISHED) -> Pacing:
    return Pacing(clock, limits)


def turns(windows: Windows, waits: list[float]) -> list[tuple[float, float]]:
    """When each asked and when it had its turn."""
    track, now, found = Track(windows), 0.0, []
    for gap in waits:
        now += gap
        at = track.turn(now)
        track.take(at)
        found.append((now, at))
    return found


@given(narrow, gaps)
def test_no_window_is_ever_overrun(windows: Windows, waits: list[float]) -> None:
    times = [at for _, at in turns(windows, waits)]
    for most, span in windows:
        assert all(later - earlier >= span for earlier, later in zip(times, times[most:], strict=False))


@given(narrow, gaps)
def test_everybody_has_a_turn_in_the_order_in_which_they_asked(windows: Windows, waits: list[float]) -> None:
    found = turns(windows, waits)
    assert all(at >= asked for asked, at in found)
    assert all(earlier <= later for (_, earlier), (_, later) in pairwise(found))


@given(narrow, gaps)
def test_nobody_waits_longer_than_the_windows_ask(windows: Windows, waits: list[float]) -> None:
    times: list[float] = []
    for asked, at in turns(windows, waits):
        least = [times[-most] + span + 0.1 for most, span in windows if len(times) >= most]
        assert at == pytest.approx(max([asked, *least, *times[-1:]]))
        times.append(at)


@given(gaps)
def test_what_may_be_left_out_leaves_a_quarter_to_answers(waits: list[float]) -> None:
    clock = Clock()
    paced, taken = pacing(clock), []
    for gap in waits:
        clock.time += gap
        try:
            assert paced.book("PUT", CHAT, passing=True) == 0
            taken.append(clock.time)
        except Throttled:
            continue
    assert all(later - earlier > 1 for earlier, later in zip(taken, taken[5:], strict=False))
    assert all(later - earlier > 2 for earlier, later in zip(taken, taken[6:], strict=False))
    assert paced.book("PUT", CHAT) == 0


def test_what_may_be_left_out_gives_way_while_an_answer_waits() -> None:
    clock = Clock()
    paced = pacing(clock)
    waits = [paced.book("POST", CHAT) for _ in range(8)]
    clock.time += waits[-1] / 2
    with pytest.raises(Throttled):
        paced.book("PUT", CHAT, passing=True)


def test_what_was_left_out_is_told_when_there_is_room_and_has_it_then() -> None:
    clock = Clock()
    paced = pacing(clock)
    for _ in range(6):
        paced.book("POST", CHAT)
    with pytest.raises(Throttled) as left_out:
        paced.book("PUT", CHAT, passing=True)
    assert left_out.value.retry_after is not None
    clock.time += left_out.value.retry_after.total_seconds() + 0.001
    assert paced.book("PUT", CHAT, passing=True) == 0


def test_forty_answers_to_one_busy_chat_all_have_their_turn_within_the_half_minute() -> None:
    clock = Clock()
    paced = pacing(clock)
    waits = [paced.book("POST", CHAT) for _ in range(40)]
    assert waits == sorted(waits) and waits[6] == 0 < waits[7] and waits[-1] < PATIENCE


def test_beyond_the_bound_the_schedule_takes_over_and_nothing_is_counted() -> None:
    clock = Clock()
    paced = pacing(clock)
    booked = 0
    with pytest.raises(Throttled) as late:
        while True:
            paced.book("POST", CHAT)
            booked += 1
    with pytest.raises(Throttled) as again:
        paced.book("POST", CHAT)
    assert late.value.retry_after == again.value.retry_after and not late.value.lasting and not late.value.counts
    assert booked == 60


def test_an_hour_holds_no_more_than_teams_allows() -> None:
    clock = Clock()
    paced, sent = pacing(clock), 0
    while clock.time < 100 + 3_600:
        try:
            clock.time += max(paced.book("POST", CHAT), 0.5)
            sent += 1
        except Throttled as late:
            assert late.retry_after is not None
            clock.time += late.retry_after.total_seconds()
    assert sent <= 1_801


def test_one_chat_does_not_wait_for_another() -> None:
    paced = pacing(Clock())
    while paced.book("POST", CHAT) == 0:
        pass
    assert paced.book("POST", OTHER) == 0


def test_the_threads_of_a_channel_share_its_limit() -> None:
    paced = pacing(Clock())
    urls = [f"{TEAMS}/v3/conversations/19%3Ac%40thread.tacv2%3Bmessageid%3D{one}/activities" for one in range(8)]
    assert [paced.book("POST", url) > 0 for url in urls] == [False] * 7 + [True]


def test_reading_has_limits_of_its_own() -> None:
    paced = pacing(Clock())
    while paced.book("POST", CHAT) == 0:
        pass
    members = CHAT.replace("activities", "members")
    assert [paced.book("GET", members) > 0 for _ in range(15)] == [False] * 14 + [True]


def test_a_tenant_has_a_limit_over_all() -> None:
    clock = Clock()
    paced = pacing(clock)
    chats = [CHAT.replace("Aa", f"A{number}") for number in range(120)]
    waits = [paced.book("POST", chat) for chat in chats]
    assert waits[49] == 0 < waits[50] < waits[100] <= 2.3


def test_who_waits_for_their_chat_holds_up_no_other() -> None:
    paced = pacing(Clock())
    for _ in range(30):
        paced.book("POST", CHAT)
    assert paced.book("POST", OTHER) == 0


def test_after_a_429_nobody_calls_there_before_the_wish_is_over() -> None:
    clock = Clock()
    paced = pacing(clock)
    paced.hold("POST", CHAT, timedelta(seconds=7))
    assert (paced.held("POST", CHAT), paced.book("PUT", CHAT), paced.book("POST", OTHER)) == (True, 7.0, 0.0)


def test_a_429_without_a_wish_is_a_short_rest() -> None:
    paced = pacing(Clock())
    paced.hold("POST", CHAT, None)
    assert paced.book("POST", CHAT) == UNTOLD


def test_a_shorter_wish_does_not_end_a_longer_one() -> None:
    paced = pacing(Clock())
    paced.hold("POST", CHAT, timedelta(seconds=9))
    paced.hold("POST", CHAT, timedelta(seconds=1))
    assert paced.book("POST", CHAT) == 9


def test_a_long_wish_is_left_to_the_schedule() -> None:
    paced = pacing(Clock())
    paced.hold("POST", CHAT, timedelta(minutes=10))
    with pytest.raises(Throttled) as busy:
        paced.book("POST", CHAT)
    assert busy.value.retry_after == timedelta(minutes=10)


def test_a_call_to_no_conversation_is_held_by_nobody() -> None:
    paced = pacing(Clock())
    paced.hold("POST", f"{TEAMS}/v3/conversations", timedelta(seconds=9))
    assert paced.book("POST", f"{TEAMS}/v3/conversations") == 0


def test_without_limits_nobody_waits() -> None:
    paced = pacing(Clock(), NONE)
    assert {paced.book("POST", CHAT) for _ in range(5_000)} == {0.0}


@given(some.lists(some.integers(0, 30), max_size=300), some.integers(1, 10))
def test_no_more_conversations_are_remembered_than_the_bound(names: list[int], most: int) -> None:
    tracks = Tracks(PUBLISHED.sends, most)
    for number, name in enumerate(names):
        tracks.of(str(name), number / 10).take(number / 10)
    assert len(tracks) <= most


def test_who_was_idle_for_longer_than_any_window_is_forgotten() -> None:
    tracks = Tracks(PUBLISHED.sends)
    for name in range(100):
        tracks.of(str(name), 0.0).take(0.0)
    for name in range(100, 151):
        tracks.of(str(name), 4_000.0).take(4_000.0)
    assert len(tracks) == 51


def test_who_is_used_is_not_forgotten_before_who_is_not() -> None:
    tracks = Tracks(PUBLISHED.sends, 3)
    first = tracks.of("busy", 0.0)
    first.take(0.0)
    for number in range(10):
        tracks.of(str(number), 0.0).take(0.0)
        assert tracks.of("busy", 0.0) is first


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (CHAT, (TEAMS, "19%3Aa%40thread.v2")),
        (f"{CHAT}/1795?isTargetedActivity=true", (TEAMS, "19%3Aa%40thread.v2")),
        (
            f"{TEAMS}/v3/conversations/19%3Ac%40thread.tacv2%3Bmessageid%3D7/activities",
            (TEAMS, "19%3Ac%40thread.tacv2"),
        ),
        (f"{TEAMS}/v3/conversations", (TEAMS, "")),
        (f"{TEAMS}/v3/teams/19%3Ac/conversations", (TEAMS, "")),
    ],
)
def test_a_call_is_known_by_its_address(url: str, found: Any) -> None:
    assert place(url) == found
