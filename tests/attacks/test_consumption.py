import pytest

from tests.attacks.consumption import BOUNDS, PATIENCE, Bound, slowest


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.name)
async def test_what_passes_a_bound_by_one_is_refused_or_cut(bound: Bound) -> None:
    assert await bound.keeps()


@pytest.mark.slow
def test_the_worst_text_that_fits_into_a_body_is_read_in_bearable_time() -> None:
    _, worst = slowest()
    assert worst < PATIENCE
