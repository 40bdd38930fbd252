from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.clauses import CLAUSES, FEATURES, RULES, Unruly, book
from bot.rulebook import FRESH, Price, Rulebook, Rules, refuse, understood
from bot.settings import Settings, read
from dialogs import menu
from dialogs.command import Command
from dialogs.talk import PlaceKind

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def settings(**changes: str) -> Settings:
    return read({"AZURE_OPENAI_DEPLOYMENTS": "chat,Large", **changes}, local=True)


def rules(kept: Mapping[str, str]) -> Rules:
    return understood(kept, settings()).rules


def reason(name: str, value: str | None, **kept: str) -> str:
    """Why it is refused, "" where it is not."""
    try:
        refuse(name, value, {each.replace("_", "."): text for each, text in kept.items()}, settings())
    except Unruly as unruly:
        return str(unruly)
    return ""


SENSE = [
    ("guests", "allow"),
    ("guests", "Refuse"),
    ("places", "personal"),
    ("places", "personal, groupchat,Channel"),
    ("models", "all"),
    ("models", "Large"),
    ("models", " chat , Large "),
    ("budget.person", "1"),
    ("budget.person", "20000000"),
    ("budget.tenant", "1000000000000"),
    ("requests", "1"),
    ("queue", "1000"),
    ("retention.history", "365"),
    ("retention.audit", "30"),
    ("retention.dead", "1"),
    ("retention.feedback", "3650"),
    ("retention.usage", "90"),
    ("uninstalled", "7"),
    ("session", "5"),
    ("session", "token"),
    ("feature.tasks", "off"),
    ("feature.export", "ON"),
    ("price.chat", "0.25/2.00 EUR"),
    ("price.Large", "10/30USD"),
    ("price.chat", "0/0 EUR"),
]
NONSENSE = [
    ("pets", "allow", "There is no rule pets. There are: guests, "),
    ("", "allow", "There is no rule"),
    ("guests", "maybe", "guests can be: refuse, allow."),
    ("guests", "", "guests needs a value."),
    ("guests", "  ", "guests needs a value."),
    ("places", ",", "places names at least one of: personal, groupChat, channel"),
    ("places", "personal,home", "places names at least one of"),
    ("models", "gone", "models names at least one of: all, chat, Large"),
    ("models", "chat,gone", "models names at least one of"),
    ("models", "large", "models names at least one of"),
    ("budget.person", "0", "whole number from 1"),
    ("budget.person", "-5", "whole number from 1"),
    ("budget.person", "1e5", "whole number from 1"),
    ("budget.person", "٣", "whole number from 1"),
    ("budget.person", "20000001", "may not be above budget.tenant (20000000)"),
    ("budget.tenant", "199999", "budget.person (200000) may not be above budget.tenant (199999)"),
    ("requests", "1001", "whole number from 0 to 1000"),
    ("queue", "many", "whole number from 1 to 1000"),
    ("retention.history", "366", "retention.audit (365 days) may not be below retention.history (366 days)"),
    ("retention.history", "0", "whole number from 1 to 3650"),
    ("retention.audit", "29", "may not be below 30 days"),
    ("retention.audit", "forever", "whole number"),
    ("retention.dead", "2 weeks", "whole number from 1 to 3650"),
    ("retention.feedback", "1.5", "whole number from 1 to 3650"),
    ("retention.usage", "3651", "whole number from 1 to 3650"),
    ("uninstalled", "0", "whole number from 1 to 3650"),
    ("session", "4", "minutes from 5 to 43200"),
    ("session", "43201", "minutes from 5 to 43200"),
    ("session", "never", "or token"),
    ("feature.tasks", "perhaps", "feature.tasks can be: on, off."),
    ("feature.pets", "off", "There is no rule feature.pets."),
    ("price.chat", "0.25 EUR", "is written as 0.25/2.00 EUR"),
    ("price.chat", "0.25/2.00", "is written as"),
    ("price.chat", "-1/2 EUR", "is written as"),
    ("price.chat", "1/2 euro", "is written as"),
    ("price.chat", "nan/inf EUR", "is written as"),
    ("price.gone", "1/2 EUR", "There is no rule price.gone"),
]


@pytest.mark.parametrize(("name", "value"), SENSE)
def test_a_rule_that_makes_sense_may_be_set(name: str, value: str) -> None:
    assert reason(name, value) == ""


@pytest.mark.parametrize(("name", "value", "why"), NONSENSE)
def test_a_rule_that_makes_no_sense_is_refused_with_the_reason(name: str, value: str, why: str) -> None:
    assert why in reason(name, value)


def test_every_rule_has_its_sense_and_its_nonsense() -> None:
    assert {each.name for each in CLAUSES} <= {name for name, _ in SENSE} & {name for name, *_ in NONSENSE}


def test_every_rule_says_what_it_means() -> None:
    assert [name for name, clause in book(settings()).items() if not clause.meaning.endswith(".")] == []


def test_without_decisions_the_settings_hold() -> None:
    found = understood({}, settings(RETENTION_DAYS="12", DAILY_TOKENS_PER_PERSON="77")).rules
    assert (found.history, found.person_tokens) == (timedelta(days=12), 77)
    assert (found.guests, found.places, found.off, found.models) == (
        False,
        frozenset(PlaceKind),
        frozenset(),
        frozenset(),
    )
    assert (found.session, found.prices, found.currency) == (None, {}, "")


def test_what_was_decided_holds() -> None:
    found = rules(
        {
            "guests": "allow",
            "places": "personal,channel",
            "models": "Large",
            "feature.tasks": "off",
            "retention.dead": "3",
            "session": "60",
            "price.chat": "0.25/2.00 EUR",
        }
    )
    assert (found.guests, found.places) == (True, frozenset({PlaceKind.PERSONAL, PlaceKind.CHANNEL}))
    assert (found.models, found.off) == (frozenset({"Large"}), frozenset({"tasks"}))
    assert (found.dead, found.session) == (timedelta(days=3), timedelta(hours=1))
    assert (found.prices, found.currency) == ({"chat": Price(0.25, 2.0, "EUR")}, "EUR")


def test_what_tokens_cost_is_what_their_millions_cost() -> None:
    assert Price(0.25, 2.0, "EUR").of(2_000_000, 500_000) == 1.5


def test_a_rule_that_no_longer_makes_sense_falls_back_and_is_told_of() -> None:
    found = understood({"models": "removed", "queue": "3"}, settings())
    assert (found.rules.models, found.rules.queue) == (frozenset(), 3)
    assert [*found.wrong] == ["models"]


def test_a_rule_of_a_later_program_is_told_of_and_does_no_harm() -> None:
    found = understood({"teleport": "on"}, settings())
    assert (found.rules, [*found.wrong]) == (rules({}), ["teleport"])


def test_the_price_of_a_deployment_that_is_gone_still_counts_for_what_it_did() -> None:
    found = understood({"price.gone": "1/2 EUR"}, settings())
    assert (found.rules.prices, dict(found.wrong)) == ({"gone": Price(1, 2, "EUR")}, {})


def test_of_the_deployments_people_may_choose_those_that_are_left_hold() -> None:
    found = understood({"models": "Large, removed"}, settings())
    assert (found.rules.models, [*found.wrong]) == (frozenset({"Large"}), ["models"])


def test_a_company_s_limit_holds_also_where_a_person_s_is_above_it() -> None:
    found = rules({"budget.tenant": "1000"})
    assert (found.person_tokens, found.tenant_tokens) == (1000, 1000)


def test_of_two_budgets_that_fell_out_with_each_other_the_smaller_holds() -> None:
    found = understood({"budget.person": "500", "budget.tenant": "400"}, settings())
    assert (found.rules.person_tokens, found.rules.tenant_tokens) == (400, 400)
    assert {*found.wrong} == {"budget.person", "budget.tenant"}


def test_settings_that_are_at_odds_are_nobodys_rule() -> None:
    found = understood({}, settings(AUDIT_DAYS="7", RETENTION_DAYS="30"))
    assert (found.rules.audit, dict(found.wrong)) == (timedelta(days=7), {})


def test_prices_are_in_one_currency() -> None:
    assert "EUR, USD" in reason("price.Large", "1/2 USD", price_chat="1/2 EUR")
    assert reason("price.chat", "1/2 USD", price_chat="1/2 EUR") == ""


def test_what_was_not_set_can_be_taken_back() -> None:
    assert reason("queue", None) == ""


def test_a_rule_nobody_knows_can_be_taken_back_where_it_is_kept() -> None:
    assert reason("teleport", None, teleport="on") == ""
    assert "There is no rule teleport" in reason("teleport", None)


def test_a_rule_is_not_taken_back_where_that_makes_no_sense() -> None:
    kept = {"retention_audit": "2000", "retention_history": "1000"}
    assert "retention.audit (365 days) may not be below" in reason("retention.audit", None, **kept)


def test_what_makes_no_sense_any_more_does_not_keep_anybody_from_deciding_something_else() -> None:
    assert reason("queue", "3", models="removed") == ""
    assert reason("models", "chat", models="removed") == ""


def test_a_reason_can_be_said_in_another_language() -> None:
    with pytest.raises(Unruly) as met:
        refuse("queue", "0", {}, settings())
    assert met.value.text.format(**met.value.values) == str(met.value)
    assert "{name}" in met.value.text


def test_without_deployments_there_is_nothing_to_choose_from() -> None:
    here = read({}, local=True)
    assert understood({"models": "all"}, here).wrong == {}
    with pytest.raises(Unruly):
        refuse("models", "chat", {}, here)


def test_what_can_be_switched_off_is_what_the_menu_asks_about() -> None:
    commands = [each for each in vars(menu).values() if isinstance(each, Command)]
    assert {each.feature for each in commands} - {""} == FEATURES.keys()
    assert {f"feature.{name}" for name in FEATURES} <= RULES.keys()


class Kept:
    """What a store has of rules, and how often it was asked."""

    def __init__(self) -> None:
        self.rules: dict[str, str] = {}
        self.asked: list[str] = []
        self.now = NOW

    async def read(self, tenant: str) -> Mapping[str, str]:
        self.asked.append(tenant)
        return dict(self.rules)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def rulebook(kept: Kept) -> Rulebook:
    return Rulebook(kept.read, settings(), kept.clock)


async def test_rules_are_read_once_in_ten_seconds(kept: Kept, rulebook: Rulebook) -> None:
    assert (await rulebook.of("tenant")).queue == 1000
    kept.rules["queue"] = "3"
    kept.now += FRESH - timedelta(seconds=1)
    assert (await rulebook.of("tenant")).queue == 1000
    kept.now += timedelta(seconds=1)
    assert (await rulebook.of("tenant")).queue == 3
    assert kept.asked == ["tenant", "tenant"]


async def test_a_clock_that_jumps_back_keeps_no_old_rules_alive(kept: Kept, rulebook: Rulebook) -> None:
    await rulebook.of("tenant")
    kept.rules["queue"] = "3"
    kept.now -= timedelta(days=1)
    assert (await rulebook.of("tenant")).queue == 3


async def test_the_rules_of_one_company_are_not_those_of_another(kept: Kept, rulebook: Rulebook) -> None:
    await rulebook.of("tenant")
    kept.rules["queue"] = "3"
    assert [(await rulebook.of(each)).queue for each in ("tenant", "other")] == [1000, 3]


async def test_what_was_known_last_is_known_without_asking(kept: Kept, rulebook: Rulebook) -> None:
    assert rulebook.known("tenant").queue == 1000
    kept.rules["queue"] = "3"
    await rulebook.of("tenant")
    kept.now += timedelta(days=1)
    assert (rulebook.known("tenant").queue, kept.asked) == (3, ["tenant"])
