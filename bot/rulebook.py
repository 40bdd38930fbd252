"""What a company decides for itself, as it holds: rules by name, each by default unless somebody decided otherwise.

Floor 5. A member of the room of `bot.settings`. A rule is kept as the text that somebody wrote for it, and read anew each
time: what made sense once need not any more, such as the name of a deployment that was removed.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clauses import FEATURES, OFF, PRICED, Unruly, book, priced, unknown
from bot.settings import Settings
from dialogs.talk import PlaceKind

FRESH = timedelta(seconds=10)
"""How long a company's rules are gone by before they are looked up again."""
BUDGETS = frozenset({"budget.person", "budget.tenant"})
LEAST_AUDIT = 30
"""Days; a shorter audit would be gone before anybody asks for it."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, read and written, in a currency."""

    input: float
    output: float
    currency: str

    def of(self, read: int, written: int) -> float:
        """What so many tokens cost."""
        return (read * self.input + written * self.output) / 1e6


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules as they hold for one tenant."""

    guests: bool
    places: frozenset[PlaceKind]
    off: frozenset[str]
    """Features that are switched off, by the names of `FEATURES`."""
    models: frozenset[str]
    """Deployments people may choose; empty for all that are set."""
    person_tokens: int
    tenant_tokens: int
    requests: int
    """How often a minute a person may have a model called; 0 for as often as their allowance lasts."""
    queue: int
    """How many messages of a person may wait in one conversation."""
    history: timedelta
    audit: timedelta
    dead: timedelta
    feedback: timedelta
    usage: timedelta
    gone: timedelta
    """How long what is kept of a person stays after they removed the assistant."""
    session: timedelta | None = None
    """How old a sign-in may be; None for as long as its token is good."""
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """The currency of the prices, "" where none is set."""
        return next((price.currency for price in self.prices.values()), "")


@dataclass(frozen=True, slots=True)
class Read:
    """What is kept of a company's rules, made sense of. `wrong` is what makes none (any more): its default holds."""

    rules: Rules
    wrong: Mapping[str, Unruly]


def understood(kept: Mapping[str, str], settings: Settings) -> Read:
    """The rules as they hold, whatever is kept."""
    # A deployment that is gone was used all the same: what it cost is still a matter of fact.
    gone = {name: priced(name.removeprefix(PRICED)) for name in kept if name.startswith(PRICED)}
    clauses = {**gone, **book(settings)}
    wrong = {name: unknown(name, settings) for name in kept if name not in clauses}
    values: dict[str, Any] = {
        name: each.parse(name, each.default(settings), settings) for name, each in clauses.items()
    }
    usual: Mapping[str, Any] = dict(values)
    for name in clauses.keys() & kept.keys():
        try:
            values[name] = clauses[name].parse(name, kept[name], settings)
        except Unruly as unruly:
            wrong[name] = unruly
    if "models" in wrong:
        values["models"] = left(kept["models"], settings)
    for name, why in list(at_odds(values)):
        if name in kept:
            wrong.setdefault(name, why)
            values[name] = values[name] if name in BUDGETS else usual[name]
    # Two limits that are at odds were both meant as limits: a default above them would let more through than either.
    values["budget.person"] = min(values["budget.person"], values["budget.tenant"])
    return Read(made(values), wrong)


def left(kept: str, settings: Settings) -> frozenset[str]:
    """The deployments of a rule that are still there: who permitted a few did not permit the others."""
    return frozenset(map(str.strip, kept.split(","))) & frozenset(settings.azure_openai_deployments)


def at_odds(values: Mapping[str, Any]) -> Iterator[tuple[str, Unruly]]:
    """Rules that do not go together, though each by itself makes sense; and why."""
    yield from budgets(values["budget.person"], values["budget.tenant"])
    yield from memories(values["retention.audit"].days, values["retention.history"].days)
    yield from prices({name: value for name, value in values.items() if name.startswith(PRICED) and value})


def budgets(person: int, tenant: int) -> Iterator[tuple[str, Unruly]]:
    """One person's allowance is part of the company's."""
    if person > tenant:
        why = Unruly(
            "budget.person ({person}) may not be above budget.tenant ({tenant}), of which it is a part.",
            {"person": str(person), "tenant": str(tenant)},
        )
        yield from (("budget.person", why), ("budget.tenant", why))


def memories(audit: int, history: int) -> Iterator[tuple[str, Unruly]]:
    """As long as an answer is kept, somebody may ask how it came about."""
    if audit < LEAST_AUDIT:
        why = "retention.audit may not be below {days} days: it would be gone before anybody asks for it."
        yield "retention.audit", Unruly(why, {"days": str(LEAST_AUDIT)})
    if audit < history:
        unruly = Unruly(
            "retention.audit ({audit} days) may not be below retention.history ({history} days): as long as an answer is "
            "kept, somebody may ask how it came about.",
            {"audit": str(audit), "history": str(history)},
        )
        yield from (("retention.audit", unruly), ("retention.history", unruly))


def prices(found: Mapping[str, tuple[float, float, str]]) -> Iterator[tuple[str, Unruly]]:
    """What is added up must be in one currency."""
    currencies = sorted({currency for _, _, currency in found.values()})
    if len(currencies) > 1:
        why = Unruly(
            "All prices are in one currency, and these would be in {currencies}. Take the others back first.",
            {"currencies": ", ".join(currencies)},
        )
        yield from ((name, why) for name in found)


def made(values: Mapping[str, Any]) -> Rules:
    """The rules of their values."""
    return Rules(
        guests=values["guests"] == "allow",
        places=values["places"],
        off=frozenset(name for name in FEATURES if values[f"feature.{name}"] == OFF),
        models=values["models"],
        person_tokens=values["budget.person"],
        tenant_tokens=values["budget.tenant"],
        requests=values["requests"],
        queue=values["queue"],
        history=values["retention.history"],
        audit=values["retention.audit"],
        dead=values["retention.dead"],
        feedback=values["retention.feedback"],
        usage=values["retention.usage"],
        gone=values["uninstalled"],
        session=values["session"],
        prices={n.removeprefix(PRICED): Price(*each) for n, each in values.items() if n.startswith(PRICED) and each},
    )


def refuse(name: str, value: str | None, kept: Mapping[str, str], settings: Settings) -> None:
    """Raises `Unruly` where a company may not decide so; without a value, where it may not take a decision back."""
    if name not in book(settings) and (value is not None or name not in kept):
        raise unknown(name, settings)
    if value is not None and not value.strip():
        raise Unruly("{name} needs a value.", {"name": name})
    before = understood(kept, settings).wrong
    others = {each: text for each, text in kept.items() if each != name}
    after = understood(others if value is None else {**others, name: value.strip()}, settings).wrong
    for each, why in after.items():
        if each == name or each not in before:
            raise why


class Rulebook:
    """The rules of every tenant, as of at most ten seconds ago."""

    def __init__(
        self, read: Callable[[str], Awaitable[Mapping[str, str]]], settings: Settings, now: Callable[[], datetime]
    ) -> None:
        """`read` gives what a tenant has decided, as text by the rules' names."""
        self._read = read
        self._settings = settings
        self._now = now
        self._known: dict[str, tuple[datetime, Rules]] = {}

    async def of(self, tenant: str) -> Rules:
        """The rules of a tenant. Raises what `read` raises."""
        now = self._now()
        at, rules = self._known.get(tenant, (None, None))
        # A clock that was set back must not keep old rules alive.
        if at is not None and rules is not None and at <= now < at + FRESH:
            return rules
        rules = understood(await self._read(tenant), self._settings).rules
        self._known[tenant] = (now, rules)
        return rules

    def known(self, tenant: str) -> Rules:
        """The same without asking anybody: as they were when last looked up, or what holds by default."""
        return self._known[tenant][1] if tenant in self._known else understood({}, self._settings).rules
