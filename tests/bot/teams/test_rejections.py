import pytest

from bot.teams.rejections import MOST, Rejections
from tests.bot.teams.clock import Clock


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [vars(record)["line"] for record in caplog.records]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rejections(clock: Clock) -> Rejections:
    return Rejections(clock.now)


def test_the_first_of_a_second_have_a_line_each(rejections: Rejections, caplog: pytest.LogCaptureFixture) -> None:
    for status in (401, 403, 404):
        rejections.tell(status)
    assert lines(caplog) == [{"event": "request refused", "status": status} for status in (401, 403, 404)]


def test_a_flood_is_a_few_lines_a_second(
    rejections: Rejections, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3_000):
        rejections.tell(401)
        clock.turn(milliseconds=1)
    assert len(lines(caplog)) == 3 * MOST + 2


def test_none_is_left_out_of_the_count(rejections: Rejections, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(25):
        rejections.tell(401)
    clock.turn(minutes=5)
    rejections.tell(401)
    told = lines(caplog)
    assert (len(told), told[MOST]) == (MOST + 2, {"event": "request refused", "status": 401, "count": 15})


def test_a_flood_of_one_kind_hides_no_other(rejections: Rejections, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(100):
        rejections.tell(404)
    rejections.tell(401)
    assert lines(caplog)[-1] == {"event": "request refused", "status": 401}


def test_a_clock_that_is_set_back_silences_nobody(
    rejections: Rejections, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(MOST + 1):
        rejections.tell(401)
    clock.turn(hours=-1)
    rejections.tell(401)
    assert lines(caplog)[-1] == {"event": "request refused", "status": 401}
