"""What administrators and operators are shown, as tables: pure, from the rows of the ledger. Nothing of it is content.

Floor 7. A member of the room of `bot.admin`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.audit import Entry
from bot.clauses import book
from bot.rulebook import Read, Rules
from bot.settings import Settings
from bot.store.ledger import FEW, Dead, Filtered, Grouping, Hold, Liked, Spent, Used
from bot.store.rows import Rule
from bot.store.seals import Chain
from bot.store.vault import DataKey
from bot.tables import Table, table
from bot.telemetry import hashed
from dialogs.shelves import Holding

Prices = Callable[[str], Rules]
"""The rules of a tenant, for what its tokens cost."""


def cost(model: str, read: int, written: int, rules: Rules) -> float | None:
    """What tokens cost by the company's own prices; None where it has set none."""
    price = rules.prices.get(model)
    return None if price is None else price.of(read, written)


def use(rows: Iterable[Spent], rules: Prices) -> Table:
    """Who had which model do how much."""
    heads = "day tenant person model calls input cached output estimated cost currency"
    return table("usage", heads, (_spent(row, rules(row.tenant)) for row in rows))


def _spent(row: Spent, rules: Rules) -> tuple[str | int | float | None, ...]:
    tokens = (row.calls, row.input, row.cached, row.output, row.estimated)
    price = cost(row.model, row.input, row.output, rules)
    return (row.day.isoformat(), row.tenant, row.person, row.model, *tokens, price, _currency(price, rules))


def _currency(price: float | None, rules: Rules) -> str:
    return "" if price is None else rules.currency


def groups(rows: Iterable[Used], by: Grouping, rules: Prices) -> Table:
    """How much was used by day, model or department."""
    heads = f"{by} tenant model people calls input cached output cost currency"
    found = [_used(row, rules(row.tenant)) for row in rows]
    note = f"Groups of fewer than {FEW} people are put together; where that is few people too, it is left out."
    return table("usage", heads, found, note)


def _used(row: Used, rules: Rules) -> tuple[str | int | float | None, ...]:
    tokens = (row.people, row.calls, row.input, row.cached, row.output)
    price = cost(row.model, row.input, row.output, rules)
    return (row.group, row.tenant, row.model, *tokens, price, _currency(price, rules))


@dataclass(frozen=True, slots=True)
class Sum:
    """Tokens, and what they cost as far as prices are known. `whole`: they are known for all."""

    tokens: int
    cost: float | None
    whole: bool


def total(rows: Sequence[Used] | Sequence[Spent], rules: Rules) -> Sum:
    """What groups used together."""
    costs = [cost(row.model, row.input, row.output, rules) for row in rows]
    known = [each for each in costs if each is not None]
    return Sum(sum(row.input + row.output for row in rows), sum(known) if known else None, len(known) == len(costs))


def audit(rows: Iterable[Entry]) -> Table:
    """What was done."""
    heads = (
        "at tenant actor person place conversation team action subject rule outcome model version region residency input cached output "
        "cost sources dropped links_removed findings millis app"
    )
    return table("audit", heads, map(_entry, rows))


def _entry(row: Entry) -> tuple[str | int | float | None, ...]:
    who = (row.at.isoformat(timespec="seconds"), row.tenant, str(row.actor), row.person)
    what = (row.place, row.conversation, row.team, str(row.action), row.subject, row.rule, str(row.outcome))
    model = (row.model, row.version, row.region, row.residency)
    tokens = (row.input_tokens, row.cached_tokens, row.output_tokens, row.cost)
    rest = (row.sources, row.dropped, row.links_removed, found_in(row), row.millis, row.app)
    return (*who, *what, *model, *tokens, *rest)


def found_in(row: Entry) -> str:
    """What the content filter found, in short."""
    return " ".join(f"{each.where}.{each.category}={each.severity}" for each in row.findings)


def chains(rows: Iterable[Chain]) -> Table:
    """Whether the audit still stands as it was written: rows by their id, links by their number."""
    heads = "tenant verdict sound expired unsealed overdue changed missing broken gaps belated head hash"
    return table("audit", heads, map(_chain, rows))


def _chain(row: Chain) -> tuple[str | int | float | None, ...]:
    faults = (" ".join(map(str, each)) for each in (row.changed, row.missing, row.broken, row.gaps, row.belated))
    counts = (row.sound, row.expired, row.unsealed, row.overdue)
    return (row.tenant, "ok" if row.ok else "FAULT", *counts, *faults, row.head, row.hash)


def filters(rows: Iterable[Filtered]) -> Table:
    """What the content filter found."""
    return table("filters", "day tenant finding turns", ((row.day, row.tenant, row.finding, row.turns) for row in rows))


def feedback(rows: Iterable[Liked]) -> Table:
    """How answers were rated."""
    found = ((row.day, row.tenant, row.model, row.liked, row.disliked, row.written) for row in rows)
    return table("feedback", "day tenant model liked disliked written", found)


def dead(rows: Iterable[Dead]) -> Table:
    """Messages that could not be answered: their conversation by the hash that logs and audit use."""
    found = ((row.key, row.at, row.tenant, hashed(row.conversation), row.attempts) for row in rows)
    return table("dead", "key at tenant conversation attempts", found)


def holds(rows: Iterable[Hold]) -> Table:
    """Legal holds."""
    return table("holds", "person tenant at by", ((row.person, row.tenant, row.at, row.by) for row in rows))


def rules(kept: Iterable[Rule], read: Read, settings: Settings) -> Table:
    """Every rule as it holds. `by` is empty where nobody decided; one that makes no sense any more is not in force."""
    known, found = book(settings), {each.name: each for each in kept}
    rows = []
    for name in (*known, *(each for each in found if each not in known)):
        default = known[name].default(settings) if name in known else ""
        mine = found.get(name)
        holds = default if mine is None or name in read.wrong else mine.value
        decided = (None, "") if mine is None else (mine.at, mine.by)
        meaning = known[name].meaning if name in known else ""
        rows.append((name, holds or None, default or None, *decided, trouble(name, mine, read), meaning))
    return table("rules", "name value default at by wrong meaning", rows)


def trouble(name: str, mine: Rule | None, read: Read) -> str:
    """Why what somebody decided is not gone by."""
    return f"{mine.value}: {read.wrong[name]}" if mine is not None and name in read.wrong else ""


CLASSES: Mapping[str, Callable[[Rules], timedelta]] = {
    "retention.history": lambda rules: rules.history,
    "retention.audit": lambda rules: rules.audit,
    "retention.dead": lambda rules: rules.dead,
    "retention.feedback": lambda rules: rules.feedback,
    "retention.usage": lambda rules: rules.usage,
    "uninstalled": lambda rules: rules.gone,
}
"""What is kept for as long as a rule says."""


def retention(tenant: str, rules: Rules, settings: Settings) -> Table:
    """How long what is kept."""
    known = book(settings)
    found = ((tenant, name, days(rules).days, known[name].meaning) for name, days in CLASSES.items())
    return table("retention", "tenant rule days meaning", found)


def holdings(rows: Iterable[Holding]) -> Table:
    """What is kept of a person."""
    found = ((row.kind, row.rows, row.oldest, row.first, row.last) for row in rows)
    return table("find", "table rows oldest first_expires last_expires", found)


def counted(rows: Mapping[str, int], head: str) -> Table:
    """How many rows of what."""
    return table("find", f"{head} rows", sorted(rows.items()))


def keys(tenant: str, rows: Iterable[DataKey]) -> Table:
    """Data keys, without the keys."""
    found = ((tenant, row.number, row.kid, row.at, "destroyed" if row.destroyed else "") for row in rows)
    return table("keys", "tenant number kid at state", found)


def joined(tables: Sequence[Table]) -> Table:
    """Several of one kind as one."""
    first, *more = tables
    return Table(first.name, first.heads, (*first.rows, *(row for each in more for row in each.rows)), first.notes)
