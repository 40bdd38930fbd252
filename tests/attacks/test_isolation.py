"""Nobody sees what they could not read: a part of the walk (`make attacks` walks all of it), and that it finds what is wrong."""

from pathlib import Path

import pytest

from tests.attacks.holes import HOLES
from tests.attacks.isolation import SEED, leaks, shorter
from tests.attacks.isolation import walk as walked
from tests.attacks.steps import KEEN, Step, steps
from tests.attacks.walk import Hole, Walk

PART = 6_000
ENOUGH = 1_200
"""Steps within which every hole is found."""


@pytest.mark.slow
def test_a_mark_is_seen_by_nobody_who_could_not_read_its_source(database: str, tmp_path: Path) -> None:
    found = walked(SEED + 1, PART, database, tmp_path)
    assert not found.leak, str(found)
    assert found.asked > PART / 40, "hardly anybody asked anything"


@pytest.mark.slow
@pytest.mark.parametrize("hole", HOLES)
def test_a_leak_is_found(hole: Hole, database: str, tmp_path: Path) -> None:
    assert leaks(SEED, steps(SEED, ENOUGH, weights=KEEN), database, tmp_path, hole)


def test_a_way_to_a_leak_is_made_shorter() -> None:
    way = [Step("write", number) for number in range(100)]
    found = shorter(way, lambda some: "seen" if Step("write", 17) in some and Step("write", 60) in some else "")
    assert found == [Step("write", 17), Step("write", 60)]


def test_the_text_under_a_citation_counts_as_shown(tmp_path: Path) -> None:
    walk = Walk(SEED, "", tmp_path)
    company = walk.town.companies[0]
    chat, channel = company.spots[-1], company.spots[0]
    record = walk.town.write(channel, next(iter(channel.members)))
    claim = {"@type": "Claim", "position": 1, "appearance": {"abstract": f"they spoke of {record['mark']}"}}
    walk.wires.heard(company.region, chat.id, {"text": "So it is [1]", "entities": [{"citation": [claim]}]}, "")
    assert walk.town.marks.leaks
