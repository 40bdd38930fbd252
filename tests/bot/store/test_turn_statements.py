"""Every statement that a whole real turn runs names its tenant and its conversation, or its person: it stays on one shard.

The turns are played before a real bot on a server that writes down what it is told, and the statements are read by
PostgreSQL's own parser. Nothing here knows which statements there are: whatever a turn runs is looked at.
"""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store.schema import MIGRATIONS
from bot.store.sessions import MIGRATIONS_TABLE
from tests.bot.store import cluster
from tests.bot.store.cluster import ELSEWHERE, HOUSE, NEEDED, SPLIT, By
from tests.bot.store.every import statements
from tests.bot.store.overheard import LISTENING, Heard, heard
from tests.bot.store.played import play
from tests.bot.store.reached import reached
from tests.bot.store.relations import Touch, tables
from tests.scenarios.firm import opened
from tests.world.database import serving
from tests.world.faults import refused
from tests.world.people import TENANT
from tests.world.teams import streams

TABLES = tables([MIGRATIONS_TABLE, *(path.read_text() for path in sorted(MIGRATIONS.glob("*.sql")))])
NAMES = {one.text.decode(): name for name, one in statements().items()}
THE_ASKS = {
    ("purses", "person"): "whose the ask is stands in its own row, which tenant, conversation and activity name",
    ("signings", "person"): "whose the ask is stands in its own row, which tenant, conversation and activity name",
}
"""What is not handed in but read from the one row of the ask. On a cluster it is handed in, for the bucket is made from it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A statement that was run, by the name that it has in the store."""

    name: str
    heard: Heard
    touches: frozenset[Touch]

    @property
    def outside(self) -> bool:
        """Whether it is no part of a turn."""
        return any(self.name.startswith(each) for each in HOUSE)


@pytest.fixture(scope="module")
def runs() -> Iterator[list[Run]]:
    """All statements of a bot before which every shape of turn was played."""
    with tempfile.TemporaryDirectory(prefix="parley-said-", ignore_cleanup_errors=True) as home:
        with serving(Path(home), LISTENING) as postgres:
            asyncio.run(_played(postgres))
        said = heard(Path(home))
    yield [Run(NAMES.get(one.text, one.text), one, touches) for one in said if (touches := reached(one.text, TABLES))]


async def _played(postgres: str) -> None:
    async with asyncio.timeout(120), opened(postgres, 1, "Here is your answer.") as firm:
        firm.world.teams.faults.add(refused(403, "ContentStreamNotAllowed"), when=streams, times=None)
        await play(firm)


def lacking(run: Run) -> set[tuple[str, str]]:
    """The tables of a statement that are not narrowed to one conversation, person or tenant, and by what they are not."""
    found = set()
    for touch in run.touches:
        by, _ = cluster.TABLES[touch.table]
        missing = NEEDED[by] - touch.columns
        found |= {(touch.table, column) for column in missing if (touch.table, column) not in THE_ASKS}
    return found


def families(run: Run) -> set[By]:
    """By what the tables of a statement are distributed."""
    return {cluster.TABLES[touch.table][0] for touch in run.touches}


def excused(run: Run, table: str) -> bool:
    """Whether it is written down why the statement goes beyond a shard in that table."""
    return any(run.name.startswith(name) and of in ("*", table) for name, of in ELSEWHERE)


def test_every_statement_of_a_turn_stays_on_one_shard(runs: list[Run]) -> None:
    stray: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for run in runs:
        stray[run.name] |= {each for each in lacking(run) if not run.outside and not excused(run, each[0])}
    assert {name: found for name, found in stray.items() if found} == {}


def test_no_lane_is_reached_but_by_its_conversation(runs: list[Run]) -> None:
    """Without any exception: whoever holds the lane holds the conversation, so a phase is on one shard by all means."""
    lanes = [run for run in runs if not run.outside and any(touch.table == "lanes" for touch in run.touches)]
    assert len({run.name for run in lanes}) > 5 and not [
        run.name for run in lanes if ("lanes", "conversation") in lacking(run)
    ]


def test_what_is_about_a_conversation_and_its_person_at_once_is_known(runs: list[Run]) -> None:
    both = {run.name for run in runs if not run.outside and {By.CONVERSATION, By.PERSON} <= families(run)}
    assert both <= SPLIT.keys()


def test_the_tenant_that_a_statement_names_is_the_turns_own(runs: list[Run]) -> None:
    named = {one for run in runs if not run.outside for number in _tenants(run) for one in _texts(run, number)}
    assert named == {TENANT, ""}  # the chores of the house are nobody's


def test_the_turns_reach_every_table_that_turns_are_about(runs: list[Run]) -> None:
    touched = {touch.table for run in runs if not run.outside for touch in run.touches}
    # Rated, exported and sealed is outside of turns.
    assert touched >= TABLES.keys() - {
        "migrations",
        "feedback",
        "exports",
        "exchanges",
        "seals",
        "data_keys",
        "prompts",
    }


def test_every_table_has_its_place_on_a_cluster() -> None:
    assert cluster.TABLES.keys() == TABLES.keys()


@pytest.mark.parametrize("table", [name for name, (by, _) in cluster.TABLES.items() if by is not By.COORDINATOR])
def test_a_table_has_the_columns_that_its_bucket_is_made_from(table: str) -> None:
    assert NEEDED[cluster.TABLES[table][0]] <= {*TABLES[table]}


def test_nobody_is_excused_who_does_not_exist() -> None:
    known = [*HOUSE, *SPLIT, *(name for name, _ in ELSEWHERE)]
    assert not [each for each in known if not any(name.startswith(each) for name in NAMES.values())]


def _tenants(run: Run) -> set[int]:
    """The parameters that fix a tenant."""
    return {number for touch in run.touches for name, numbers in touch.fixed if name == "tenant" for number in numbers}


def _texts(run: Run, number: int) -> list[str]:
    """The value of a parameter, or those of its array; nobody's tenant has no comma."""
    text = run.heard.values.get(number, "")
    return [each.strip('"') for each in text[1:-1].split(",")] if text.startswith("{") else [text]
