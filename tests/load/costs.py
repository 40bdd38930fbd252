"""The tables of docs/costs.md: `python -m tests.load.costs` prints them, `--write` puts them into the page. A test compares them.

What so many people do comes from the capacity model, what infra/ makes for them from its defaults and `prod.tfvars`, which
`tests.structure.test_docs_costs` compares with `SIZES`; prices stand in `prices.toml`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import SETTINGS
from tests.load.capacity import ASSUMED, MONTH, Figure, Need
from tests.load.prices import PRICES
from tests.load.scale import listed
from tests.structure.blocks import command, table

PAGE = Path("docs/costs.md")
PEOPLE = (100, 1_000, 10_000, 100_000)
MILLION = 1e6
DISKS = (64, 128, 256, 512, 1_024, 2_048, 4_096)
"""GB that a disk of the database may have, from the smallest that infra/ makes; it grows by itself."""
DAYS = 31
"""Of the longest month: a budget is a day's."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What infra/ makes in production; how many of each."""

    instances: int = 3
    gateway: int = 2
    endpoints: int = 7
    """App, staging slot, database, storage, vault, and one for each of two accounts of models."""
    standby: int = 2
    """The database, and its standby in a second zone."""
    disk: int = 64


TRAFFIC = Figure(100, "KB a turn through firewall and endpoints, each", "a guess")
LOGGED = Figure(20, "KB a turn that logs, traces and the gateway leave in Log Analytics", "a guess")
QUIET = Figure(5, "GB a month that they leave with nobody there", "a guess")
DIGEST = Figure(400, "tokens that a digest writes", "as long as an answer")
"""What nobody here could measure, besides what the capacity model assumes."""

DEFAULTS = {setting.name: setting.default or "0" for setting in SETTINGS}
SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Bill:
    """What a month costs so many `people`, in US dollars."""

    people: int

    @property
    def need(self) -> Need:
        """What they need."""
        return Need(self.people)

    @property
    def turns(self) -> float:
        """In a month."""
        return self.need.turns * MONTH

    @property
    def passed(self) -> float:
        """GB of a month through the firewall, and as many through the endpoints."""
        return self.turns * TRAFFIC.value / MILLION

    @property
    def gateway(self) -> float:
        """The only public name, with its web application firewall."""
        return PRICES["gateway"].monthly + SIZES.gateway * 10 * PRICES["gateway_unit"].monthly

    @property
    def firewall(self) -> float:
        """The way out, and what passes it."""
        standing = PRICES["firewall"].monthly + PRICES["address"].monthly
        return standing + self.passed * PRICES["firewall_gigabyte"].known

    @property
    def instances(self) -> int:
        """Of the plan; each runs one process."""
        return max(SIZES.instances, self.need.processes)

    @property
    def plan(self) -> float:
        """The instances."""
        return self.instances * PRICES["instance"].monthly

    @property
    def disk(self) -> int:
        """GB: the smallest disk that holds a year."""
        return next(size for size in DISKS if size >= max(SIZES.disk, self.need.gigabytes))

    @property
    def database(self) -> float:
        """Server, standby and both disks; backups as large as the disk are said to be included."""
        cores = (1 << math.ceil(math.log2(self.need.cores))) * PRICES["database_core"].monthly
        return SIZES.standby * (cores + self.disk * PRICES["database_gigabyte"].known)

    @property
    def endpoints(self) -> float:
        """Private endpoints, and what passes them."""
        return SIZES.endpoints * PRICES["endpoint"].monthly + self.passed * PRICES["endpoint_gigabyte"].known

    @property
    def logs(self) -> float:
        """What Log Analytics takes in."""
        return (QUIET.value + self.turns * LOGGED.value / MILLION) * PRICES["log_gigabyte"].known

    @property
    def standing(self) -> float:
        """All that is no token."""
        return self.gateway + self.firewall + self.plan + self.database + self.endpoints + self.logs

    @property
    def answers(self) -> float:
        """The tokens of turns."""
        return self.turns * worth(ASSUMED.read.value, ASSUMED.written.value)

    @property
    def digests(self) -> float:
        """The tokens of digests, one a working day for each who has one."""
        told = self.people * ASSUMED.digests.value * MONTH
        return told * worth(ASSUMED.digest.value, DIGEST.value)

    @property
    def tokens(self) -> float:
        """All tokens."""
        return self.answers + self.digests

    @property
    def total(self) -> float:
        """Everything that a price was found for."""
        return self.standing + self.tokens


def worth(read: float, written: float) -> float:
    """US dollars for so many tokens."""
    return (read * PRICES["read"].known + written * PRICES["written"].known) / MILLION


ROWS: Sequence[tuple[str, Callable[[Bill], str]]] = (
    ("gateway with web application firewall", lambda bill: dollars(bill.gateway)),
    ("firewall on the way out", lambda bill: dollars(bill.firewall)),
    ("instances of the plan", lambda bill: f"{bill.instances}"),
    ("the plan", lambda bill: dollars(bill.plan)),
    ("GB of the database's disk", lambda bill: f"{bill.disk}"),
    ("database with its standby", lambda bill: dollars(bill.database)),
    ("private endpoints", lambda bill: dollars(bill.endpoints)),
    ("logs", lambda bill: dollars(bill.logs)),
    ("**all that stands, whoever asks**", lambda bill: f"**{dollars(bill.standing)}**"),
    ("tokens of answers", lambda bill: dollars(bill.answers)),
    ("tokens of digests", lambda bill: dollars(bill.digests)),
    ("**tokens**", lambda bill: f"**{dollars(bill.tokens)}**"),
    ("**a month**", lambda bill: f"**{dollars(bill.total)}**"),
    ("for each person", lambda bill: f"{rounded(bill.total / bill.people):,.10g}"),
)


def rounded(value: float) -> float:
    """To two digits: more would be made up."""
    return round(value, 1 - math.floor(math.log10(abs(value)))) if value else 0.0


def dollars(value: float) -> str:
    """Two digits."""
    return f"{rounded(value):,.10g}"


def months() -> str:
    """A month of companies of four sizes."""
    bills = [Bill(people) for people in PEOPLE]
    head = ("US dollars", *(f"{people:,} people" for people in PEOPLE))
    return table(head, [(name, *(said(bill) for bill in bills)) for name, said in ROWS])


def ceilings() -> str:
    """What the budgets let a month cost at most."""
    share = ASSUMED.read.value / (ASSUMED.read.value + ASSUMED.written.value)
    rows = [
        (f"{whose}, `{name}`", f"{tokens:,}", dollars(usual(tokens, share)), dollars(usual(tokens, 0)))
        for whose, name in (("one person", "DAILY_TOKENS_PER_PERSON"), ("all", "DAILY_TOKENS_TENANT"))
        for tokens in [int(DEFAULTS[name])]
    ]
    return table(("budget of", "tokens a day", "all of it, every day, as turns are", "were all of it written"), rows)


def usual(tokens: float, share: float) -> float:
    """US dollars for a month of so many tokens a day, of which a share is read and the rest written."""
    return DAYS * worth(tokens * share, tokens * (1 - share))


def prices() -> str:
    """Every price with where it was seen."""
    rows = [
        (f"`{each.name}`", "not found" if each.usd is None else f"{each.usd:,.10g}", each.per, each.source, each.seen)
        for each in PRICES.values()
    ]
    return table(("name", "US dollars", "for a", "seen where", "of when"), rows)


TABLES_OF_THE_PAGE: Mapping[str, str] = {
    "months": months(),
    "ceilings": ceilings(),
    "guessed": listed((TRAFFIC, LOGGED, QUIET, DIGEST)),
    "prices": prices(),
}


if __name__ == "__main__":
    command(PAGE, TABLES_OF_THE_PAGE)
