"""The tables of docs/scale.md, from the model and from where tables stand on a cluster: `python -m tests.load.scale` prints them.

With `--write` they are written into the page, each between the two comments that bear its name. A test compares them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

from tests.bot.store.cluster import ELSEWHERE, HOUSE, SPLIT, TABLES, By
from tests.load.capacity import ALLOWED, ASSUMED, MEASURED, PRICES, Figure, Need, in_order
from tests.structure.blocks import command, table

PAGE = Path("docs/scale.md")
PEOPLE = (10_000, 100_000, 1_000_000)

NEEDS: Sequence[tuple[str, Callable[[Need], str]]] = (
    ("turns a working day", lambda need: f"{need.turns:,.0f}"),
    ("turns a second, busiest minute", lambda need: f"{need.peak:,.1f}"),
    ("turns a second, all-hands at that time", lambda need: f"{need.burst:,.1f}"),
    ("answers being written then", lambda need: f"{need.streams:,.0f}"),
    ("processes of one core", lambda need: f"{need.processes}"),
    ("cores of PostgreSQL", lambda need: f"{need.cores}"),
    ("MB of memory, all processes", lambda need: f"{need.memory:,.0f}"),
    ("connections", lambda need: f"{need.connections}"),
    ("GB after a year", lambda need: f"{need.gigabytes:,.0f}"),
    ("tokens a minute by the quota's count", lambda need: f"{need.tokens / 1e6:,.1f} million"),
    ("digests due in the same minute", lambda need: f"{need.digests:,.0f}"),
    ("tokens for these", lambda need: f"{need.digest_tokens / 1e6:,.1f} million"),
    ("requests a second to Teams, streamed", lambda need: f"{need.streamed:,.0f}"),
    ("requests a second to Teams, whole", lambda need: f"{need.whole:,.0f}"),
    ("US dollars a month, tokens", lambda need: f"{need.model_cost:,.0f}"),
    ("US dollars a month, processes and database", lambda need: f"{need.machine_cost:,.0f}"),
)


def figures(group: object) -> str:
    """Figures of a dataclass with where they come from."""
    return listed([Figure(*each) for each in astuple(group)])  # type: ignore[call-overload]  # dataclasses all of them


def listed(every: Sequence[Figure]) -> str:
    """Figures with where they come from."""
    return table(("figure", "of what", "source"), [(f"{each.value:,.10g}", each.what, each.source) for each in every])


def needs() -> str:
    """What companies of three sizes need."""
    rows = [(name, *(said(Need(people)) for people in PEOPLE)) for name, said in NEEDS]
    return table(("", *(f"{people:,} people" for people in PEOPLE)), rows)


def ends() -> str:
    """What ends, at how many people, and the way past it."""
    head = ("what ends", *(f"{people:,}" for people in PEOPLE), "reached at", "the way past it")
    rows = [
        (each.name, *(_percent(each.part(people)) for people in PEOPLE), _rounded(each.people), each.way)
        for each in in_order()
    ]
    return table(head, rows)


def places() -> str:
    """Where each table stands."""
    kinds = {By.EVERYWHERE: "on every node", By.COORDINATOR: "on the coordinator"}
    rows = [(f"`{name}`", kinds.get(by, f"bucket of the {_of(by)}"), why) for name, (by, why) in TABLES.items()]
    return table(("table", "stands", "because"), rows)


def named(reasons: Mapping[str, str]) -> str:
    """Statements and what becomes of them."""
    return table(("statement", "on a cluster"), [(f"`{name}`", why) for name, why in reasons.items()])


def elsewhere() -> str:
    """Statements that go beyond a shard in a table."""
    rows = [(f"`{name}`", "all" if of == "*" else f"`{of}`", why) for (name, of), why in ELSEWHERE.items()]
    return table(("statement", "table", "on a cluster"), rows)


def _of(by: By) -> str:
    return "ask" if by is By.TENANT else by.value


def _percent(part: float) -> str:
    return f"{part:,.1%}" if part < 0.1 else f"{part * 100:,.0f}%"


def _rounded(people: float) -> str:
    digits = len(str(int(people))) - 2
    return f"{round(people, -digits):,.0f}"


TABLES_OF_THE_PAGE: Mapping[str, str] = {
    "measured": figures(MEASURED),
    "assumed": figures(ASSUMED),
    "allowed": figures(ALLOWED),
    "prices": figures(PRICES),
    "needs": needs(),
    "ends": ends(),
    "places": places(),
    "elsewhere": elsewhere(),
    "split": named(SPLIT),
    "house": named(HOUSE),
}


if __name__ == "__main__":
    command(PAGE, TABLES_OF_THE_PAGE)
