"""The rules a company may decide, as data: what each means, what it may be set to, and what holds where it was not.

Floor 5. A member of the room of `bot.settings`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.settings import Settings
from dialogs.talk import PlaceKind

TOKENS = 10**12
DAYS = 3650
PRICE = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,4})?) ?/ ?([0-9]{1,5}(?:\.[0-9]{1,4})?) ?([A-Z]{3})")
EVERY = "all"
TOKEN = "token"  # noqa: S105  a word, not one
ON, OFF = "on", "off"

FEATURES: Mapping[str, str] = {
    "tasks": "Tasks such as rewriting, translating and explaining code.",
    "summaries": "Summaries of a channel or chat, catching up, and what was said about a subject.",
    "digests": "Summaries that are sent at set times.",
    "prompts": "Saved prompts, and sharing them inside a team.",
    "export": "A person's own export of what is kept of them.",
}
"""What can be switched off, and what it is."""


class Unruly(Exception):
    """A rule that makes no sense. `text` says why, in English and with `{names}` of `values`: a key of `Words`."""

    text: str
    values: Mapping[str, object]

    def __init__(self, text: str, values: Mapping[str, object]) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format_map(self.values)


Parse = Callable[[str, str, Settings], object]
"""A rule's name, what it is set to, and the settings it must fit to. Raises `Unruly`."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule: what it means, what it may be set to, and what holds where it was not. An empty default is none."""

    name: str
    meaning: str
    parse: Parse
    default: Callable[[Settings], str]


def choice(*possible: str) -> Parse:
    """One of several words."""

    def parse(name: str, value: str, settings: Settings) -> str:
        if value.casefold() not in possible:
            raise Unruly("{name} can be: {choices}.", {"name": name, "choices": ", ".join(possible)})
        return value.casefold()

    return parse


def number(low: int, high: int) -> Parse:
    """A whole number."""

    def parse(name: str, value: str, settings: Settings) -> int:
        if not re.fullmatch("[0-9]{1,15}", value) or not low <= int(value) <= high:
            raise Unruly(
                "{name} is a whole number from {low} to {high}.", {"name": name, "low": str(low), "high": str(high)}
            )
        return int(value)

    return parse


def days() -> Parse:
    """So many days."""
    whole = number(1, DAYS)
    return lambda name, value, settings: timedelta(days=int(str(whole(name, value, settings))))


def places(name: str, value: str, settings: Settings) -> frozenset[PlaceKind]:
    """Kinds of conversations, at least one."""
    known = {kind.casefold(): kind for kind in PlaceKind}
    return frozenset(known[each] for each in some(name, value.casefold(), {**known}, list(PlaceKind)))


def models(name: str, value: str, settings: Settings) -> frozenset[str]:
    """Deployments, at least one; empty for every one that is set, whichever these are."""
    if value.casefold() == EVERY:
        return frozenset()
    deployments = dict.fromkeys(settings.azure_openai_deployments)
    return frozenset(some(name, value, deployments, [EVERY, *deployments]))


def some(name: str, value: str, known: Mapping[str, object], shown: Sequence[str]) -> list[str]:
    """The items of a comma-separated list, each of which must be known. Raises `Unruly` for one that is not."""
    given = [item.strip() for item in value.split(",") if item.strip()]
    if not given or not known.keys() >= set(given):
        raise Unruly(
            "{name} names at least one of: {choices}; separate several by commas.",
            {"name": name, "choices": ", ".join(shown)},
        )
    return given


def session(name: str, value: str, settings: Settings) -> timedelta | None:
    """Minutes, or for as long as the token is good. Raises `Unruly` for anything else."""
    if value.casefold() == TOKEN:
        return None
    if not re.fullmatch("[0-9]{1,6}", value) or not 5 <= int(value) <= 60 * 24 * 30:
        raise Unruly(
            "{name} is a whole number of minutes from 5 to 43200, or token: for as long as the sign-in is good.",
            {"name": name},
        )
    return timedelta(minutes=int(value))


def price(name: str, value: str, settings: Settings) -> tuple[float, float, str] | None:
    """What a million tokens cost, read and written, and the currency; None where nobody said. Raises `Unruly` for anything else."""
    if not value:
        return None
    found = PRICE.fullmatch(value)
    if not found:
        raise Unruly(
            "{name} is written as 0.25/2.00 EUR: what a million tokens cost, read and written, and the currency.",
            {"name": name},
        )
    return float(found[1]), float(found[2]), found[3]


def always(value: str) -> Callable[[Settings], str]:
    """A default that no setting has a say in."""
    return lambda settings: value


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "guests",
        "Whether guests of the company, and people of other tenants, are answered.",
        choice("refuse", "allow"),
        always("refuse"),
    ),
    Clause("places", "In which kinds of conversations I answer.", places, always(",".join(PlaceKind))),
    Clause("models", "Which deployments people may choose.", models, always(EVERY)),
    Clause(
        "budget.person",
        "Tokens a person may use on a day (UTC).",
        number(1, TOKENS),
        lambda settings: str(settings.daily_tokens_per_person),
    ),
    Clause(
        "budget.tenant",
        "Tokens the whole company may use on a day (UTC).",
        number(1, TOKENS),
        lambda settings: str(settings.daily_tokens_tenant),
    ),
    Clause(
        "requests",
        "How often a minute a person may have a model called; 0 for as often as their allowance lasts.",
        number(0, 1000),
        always("0"),
    ),
    Clause("queue", "How many messages of a person may wait in one conversation.", number(1, 1000), always("1000")),
    Clause(
        "retention.history",
        "Days for which chats are kept.",
        days(),
        lambda settings: str(settings.retention_days),
    ),
    Clause(
        "retention.audit",
        "Days for which the audit is kept.",
        days(),
        lambda settings: str(settings.audit_days),
    ),
    Clause("retention.dead", "Days for which messages that could not be answered are kept.", days(), always("14")),
    Clause("retention.feedback", "Days for which feedback is kept.", days(), always("90")),
    Clause("retention.usage", "Days for which figures of use are kept.", days(), always("400")),
    Clause(
        "uninstalled",
        "Days after which everything of a person who removed me is deleted.",
        days(),
        always("30"),
    ),
    Clause(
        "session",
        "Minutes after which people sign in anew; token: when their sign-in ends by itself.",
        session,
        always(TOKEN),
    ),
)
SWITCHES: tuple[Clause, ...] = tuple(
    Clause(f"feature.{name}", meaning, choice(ON, OFF), always(ON)) for name, meaning in FEATURES.items()
)
RULES: Mapping[str, Clause] = {each.name: each for each in (*CLAUSES, *SWITCHES)}
"""Every rule but the prices, of which there is one for each deployment."""
PRICED = "price."


def priced(deployment: str) -> Clause:
    """The rule that says what a deployment costs."""
    return Clause(
        f"{PRICED}{deployment}", "What a million tokens of this deployment cost, read and written.", price, always("")
    )


def book(settings: Settings) -> Mapping[str, Clause]:
    """Every rule there is, by its name."""
    return {**RULES, **{each.name: each for each in map(priced, settings.azure_openai_deployments)}}


def unknown(name: str, settings: Settings) -> Unruly:
    """Says what rules there are."""
    return Unruly("There is no rule {name}. There are: {names}.", {"name": name, "names": ", ".join(book(settings))})
