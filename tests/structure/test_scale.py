"""The page about size says what the model says, and the model is sane."""

import pytest

from tests.load.capacity import ENDS, MEASURED, Limit, Need, in_order
from tests.load.scale import PEOPLE, TABLES_OF_THE_PAGE
from tests.structure.blocks import BLOCK
from tests.structure.source import page

SCALE = page("docs/scale.md")
GROWING = (
    *(
        "turns",
        "peak",
        "burst",
        "streams",
        "processes",
        "connections",
        "cores",
        "streamed",
        "whole",
        "tokens",
        "digests",
    ),
    *("memory", "digest_tokens", "gigabytes", "model_cost", "machine_cost"),
)


@pytest.mark.parametrize("name", TABLES_OF_THE_PAGE)
def test_a_table_of_the_page_is_that_of_the_model(name: str) -> None:
    """Otherwise: `python -m tests.load.scale --write`."""
    assert BLOCK.format(name, TABLES_OF_THE_PAGE[name]) in SCALE


@pytest.mark.parametrize("name", GROWING)
def test_more_people_never_need_less(name: str) -> None:
    needs = [getattr(Need(people), name) for people in (100, *PEOPLE)]
    assert needs == sorted(needs) and needs[0] < needs[-1] * 2


def test_a_process_may_end_at_any_time() -> None:
    assert Need(1).processes == 2


def test_every_process_has_its_connections() -> None:
    assert Need(PEOPLE[-1]).connections > Need(PEOPLE[-1]).processes


@pytest.mark.parametrize("limit", ENDS, ids=lambda limit: limit.name)
def test_a_limit_is_used_up_by_as_many_people_as_reach_it(limit: Limit) -> None:
    assert limit.part(round(limit.people)) == pytest.approx(1, rel=0.05)


def test_what_ends_first_comes_first() -> None:
    reached = [limit.people for limit in in_order()]
    assert reached == sorted(reached)


def test_a_turn_leaves_more_behind_than_its_answer_alone() -> None:
    assert MEASURED.history.value > 1_000
