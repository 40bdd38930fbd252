"""What so many people need: the model behind docs/scale.md. Pure; `tests.load.scale` writes its tables.

What was measured is in `MEASURED`, with the command that measured it; what is assumed is in `ASSUMED`, with its source; what others
allow and what they cost is in `ALLOWED` and `PRICES`. All else follows from these.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from bot.limits import TURNS
from bot.store.pool import SIZE
from dialogs.digests import SPREAD
from tests.load.prices import PRICES as FOUND

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WORKING = 5 / 7
"""Of all days."""
MONTH = 21
"""Working days."""
BURST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it is of, and where it comes from."""

    value: float
    what: str
    source: str


TOML = "`tests/load/prices.toml`"
SPEED, DAYS = "`python -m tests.load --only speed`", "`python -m tests.load.day`"


@dataclass(frozen=True, slots=True)
class Measured:
    """What runs of this program have shown, on two cores that other work shared."""

    core: Figure = Figure(130, "turns a second of one process on one core, which is a slow one", SPEED)
    database: Figure = Figure(1.3, "ms of a core that PostgreSQL takes a turn", SPEED)
    store: Figure = Figure(870, "turns a second of one server, the slowest run", "`python -m tests.load.store`")
    memory: Figure = Figure(150, "MB of a process at its peak", "`python -m tests.load.footprint`")
    peak: Figure = Figure(2.95, "times the mean minute of a Monday: its busiest one, without burst and digests", DAYS)
    history: Figure = Figure(2_650, "bytes of a turn in the history, kept 30 days, packed, with indexes", DAYS)
    inbox: Figure = Figure(464, "bytes of its ask, kept 7 days", DAYS)
    audit: Figure = Figure(644, "bytes of its audit row and seal, kept 365 days", DAYS)
    usage: Figure = Figure(691, "bytes of a person's day in the books, kept 400 days", DAYS)
    person: Figure = Figure(1_086, "bytes of a person and their lane, kept as long as they are known", DAYS)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What nobody here could measure."""

    active: Figure = Figure(0.4, "of all people ask something on a working day", "a guess")
    asks: Figure = Figure(8, "turns a day of each of them", "a guess")
    group: Figure = Figure(0.15, "of all turns are in channels and group chats", "a guess")
    burst: Figure = Figure(0.02, "of all people ask within five minutes of an all-hands", "a guess")
    read: Figure = Figure(3_000, "tokens that a turn reads", "a guess: history, instructions, at times a thread")
    written: Figure = Figure(400, "tokens that it writes", "a guess")
    aside: Figure = Figure(
        4_000, "tokens that the quota counts for what is written", "the longest reply is charged up front"
    )
    seconds: Figure = Figure(10, "seconds that an answer takes to be written", "a guess")
    streamed: Figure = Figure(12, "requests to Teams for it as a stream", "one a second, with a beginning and an end")
    whole: Figure = Figure(2, "requests to Teams for it as a whole", "a placeholder, and the answer over it")
    digests: Figure = Figure(0.03, "of all people have a digest at nine", "a guess")
    zone: Figure = Figure(0.6, "of them live in the same time zone", "a guess")
    digest: Figure = Figure(12_000, "tokens that a digest reads", "a guess: some hundred messages")
    bloat: Figure = Figure(2, "times as large as packed: tables that are changed all the time", "a rule of thumb")
    load: Figure = Figure(0.5, "of a core, a quota or a limit is used at the peak at most", "a rule of thumb")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What others allow."""

    teams: Figure = Figure(
        50, "requests a second to Teams by one app in one tenant", "Microsoft Teams, rate limits of bots"
    )
    model: Figure = Figure(
        3e6, "tokens a minute of one deployment in one region", "a middle quota of Azure OpenAI; ask for yours"
    )
    cores: Figure = Figure(96, "cores of the largest server", "Azure Database for PostgreSQL, flexible server")
    connections: Figure = Figure(5_000, "connections of a large server", "the same")
    storage: Figure = Figure(32_768, "GB of one server", "the same")


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars, from `prices.toml`, which says of each where it was seen; docs/costs.md reckons with all of them."""

    read: Figure = Figure(FOUND["read"].known, "a million tokens read", TOML)
    written: Figure = Figure(FOUND["written"].known, "a million tokens written", TOML)
    process: Figure = Figure(FOUND["instance"].monthly, "a month for a process: an instance P1v3", TOML)
    core: Figure = Figure(2 * FOUND["database_core"].monthly, "a month for a core of PostgreSQL in two zones", TOML)
    gigabyte: Figure = Figure(2 * FOUND["database_gigabyte"].known, "a month for a GB of it in two zones", TOML)


MEASURED, ASSUMED, ALLOWED, PRICES = Measured(), Assumed(), Allowed(), Prices()


@dataclass(frozen=True, slots=True)
class Need:
    """What a company of so many `people` needs. Rates are a second, but for `tokens`, which is a minute."""

    people: int

    @property
    def turns(self) -> float:
        """On a working day."""
        return self.people * ASSUMED.active.value * ASSUMED.asks.value

    @property
    def peak(self) -> float:
        """Turns in the busiest minute of a usual day."""
        return self.turns / DAY * MEASURED.peak.value

    @property
    def burst(self) -> float:
        """Turns after an all-hands at that time."""
        return self.peak + self.people * ASSUMED.burst.value / BURST_SECONDS

    @property
    def streams(self) -> float:
        """Answers that are being written at the same time in the burst."""
        return self.burst * ASSUMED.seconds.value

    @property
    def processes(self) -> int:
        """By what a core takes and by how many turns a process has under way; two at least, so that one may end."""
        by_core = self.burst / (MEASURED.core.value * ASSUMED.load.value)
        by_turns = self.streams / (TURNS * ASSUMED.load.value)
        return max(2, math.ceil(max(by_core, by_turns)))

    @property
    def memory(self) -> float:
        """MB of all processes."""
        return self.processes * MEASURED.memory.value

    @property
    def connections(self) -> int:
        """To the database: each process' pool and its ear."""
        return self.processes * (SIZE + 1)

    @property
    def cores(self) -> int:
        """Of the database; two at least."""
        return max(2, math.ceil(self.burst * MEASURED.database.value / 1_000 / ASSUMED.load.value))

    @property
    def streamed(self) -> float:
        """Requests to Teams at the peak where one-to-one answers grow before one's eyes."""
        each = ASSUMED.group.value * ASSUMED.whole.value + (1 - ASSUMED.group.value) * ASSUMED.streamed.value
        return self.peak * each

    @property
    def whole(self) -> float:
        """Requests to Teams at the peak where every answer comes as a whole."""
        return self.peak * ASSUMED.whole.value

    @property
    def tokens(self) -> float:
        """That the quota counts at the peak, a minute."""
        return self.peak * MINUTE * (ASSUMED.read.value + ASSUMED.aside.value)

    @property
    def digests(self) -> float:
        """Told in the same minute after nine: they are spread over `SPREAD`."""
        return self.people * ASSUMED.digests.value * ASSUMED.zone.value / (SPREAD / timedelta(minutes=1))

    @property
    def digest_tokens(self) -> float:
        """That the quota counts in that minute."""
        return self.digests * (ASSUMED.digest.value + ASSUMED.aside.value)

    @property
    def gigabytes(self) -> float:
        """Of the database after a year."""
        a_turn = MEASURED.history.value * 30 + MEASURED.inbox.value * 7 + MEASURED.audit.value * 365
        a_day = self.people * ASSUMED.active.value * MEASURED.usage.value * 400
        packed = (self.turns * a_turn + a_day) * WORKING + self.people * MEASURED.person.value
        return packed * ASSUMED.bloat.value / 1e9

    @property
    def model_cost(self) -> float:
        """US dollars a month for tokens."""
        return (
            self.turns
            * MONTH
            * (ASSUMED.read.value * PRICES.read.value + ASSUMED.written.value * PRICES.written.value)
            / 1e6
        )

    @property
    def machine_cost(self) -> float:
        """US dollars a month for processes and the database."""
        return (
            self.processes * PRICES.process.value
            + self.cores * PRICES.core.value
            + self.gigabytes * PRICES.gigabyte.value
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that ends: how much of it a company needs, and how much there is."""

    name: str
    needed: str
    allowed: float
    way: str

    def part(self, people: int) -> float:
        """How much of it they need, of what there is."""
        return float(getattr(Need(people), self.needed)) / self.allowed

    @property
    def people(self) -> float:
        """How many people reach it. What they need grows as they do."""
        many = 100_000_000
        return many / self.part(many)


ENDS = (
    Limit(
        "tokens a minute, digests after nine",
        "digest_tokens",
        ALLOWED.model.value,
        "the quota spreads them further: who is refused is tried again, so the last comes late",
    ),
    Limit(
        "requests to Teams, answers streamed", "streamed", ALLOWED.teams.value, "streams give way: answers come whole"
    ),
    Limit(
        "requests to Teams, answers whole",
        "whole",
        ALLOWED.teams.value,
        "several apps, each for a part of the company; or ask Microsoft",
    ),
    Limit(
        "tokens a minute, one deployment",
        "tokens",
        ALLOWED.model.value,
        "further regions in `AZURE_OPENAI_ENDPOINTS`, a higher quota, provisioned throughput",
    ),
    Limit("one process", "burst", MEASURED.core.value, "more processes: they share nothing but the database"),
    Limit("turns of the store on two cores", "burst", MEASURED.store.value, "a larger server"),
    Limit("storage of one server", "gigabytes", ALLOWED.storage.value, "a shorter history or audit; then the cluster"),
    Limit("connections of one server", "connections", ALLOWED.connections.value, "fewer a process; then the cluster"),
    Limit("cores of one server", "cores", ALLOWED.cores.value, "the cluster"),
)


def in_order() -> list[Limit]:
    """What ends first comes first."""
    return sorted(ENDS, key=lambda limit: limit.people)
