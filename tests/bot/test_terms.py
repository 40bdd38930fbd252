"""The company's terms: from settings and rules, and from where the addresses lead at this moment."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rulebook import Rules, understood
from bot.settings import Settings, read
from bot.terms import FRESH, TermsOf, leads
from dialogs.terms import Endpoint, Terms

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COMPANY = {
    "DATABASE_URL": "postgresql://parley@db.example/parley?sslmode=require",
    "MICROSOFT_APP_ID": "00000000-0000-0000-0000-000000000001",
    "MICROSOFT_APP_TENANT_ID": "00000000-0000-0000-0000-000000000002",
    "AZURE_OPENAI_ENDPOINTS": "https://one.openai.azure.com,https://two.openai.azure.com",
    "AZURE_OPENAI_DEPLOYMENTS": "quick,deep",
    "AZURE_OPENAI_MODELS": "quick=gpt-4.1-mini/GlobalStandard,deep=gpt-5.5/Standard",
}


class Names:
    """A resolver that says what it is told, and counts."""

    def __init__(self, **known: set[str] | Exception) -> None:
        self.known: dict[str, set[str] | Exception] = dict(known)
        self.asked = 0
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def __call__(self, host: str) -> frozenset[str]:
        self.asked += 1
        if self.gate:
            self.reached.set()
            await self.gate.wait()
        found = self.known.get(host.partition(".")[0], OSError())
        if isinstance(found, Exception):
            raise found
        return frozenset(found)


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def settings(**more: str) -> Settings:
    return read(COMPANY | more, local=False)


def rules(kept: Mapping[str, str] | None = None, **more: Any) -> Rules:
    return replace(understood(kept or {}, settings()).rules, **more)


async def terms(set_: Settings | None = None, names: Names | None = None, under: Rules | None = None) -> Terms:
    return await TermsOf(set_ or settings(), names or Names(), Clock()).of(under or rules())


@pytest.mark.parametrize(
    ("addresses", "private"),
    [
        ({"10.0.0.4"}, True),
        ({"10.0.0.4", "fd00::1"}, True),
        ({"::ffff:10.0.0.4"}, True),
        ({"10.0.0.4", "20.1.2.3"}, False),
        ({"20.1.2.3"}, False),
        ({"::ffff:20.1.2.3"}, False),
        ({"100.64.0.1"}, None),
        (set(), None),
        (OSError("no such name"), None),
        (UnicodeError("label too long"), None),
    ],
)
async def test_a_name_is_private_only_where_every_address_is(
    addresses: set[str] | Exception, private: bool | None
) -> None:
    assert await leads("one", Names(one=addresses)) is private


async def test_each_address_is_told_with_its_region() -> None:
    found = await terms(
        settings(AZURE_OPENAI_REGIONS="swedencentral,francecentral"), Names(one={"10.0.0.4"}, two={"20.1.2.3"})
    )
    assert found.endpoints == (
        Endpoint("one.openai.azure.com", True, "swedencentral"),
        Endpoint("two.openai.azure.com", False, "francecentral"),
    )


async def test_a_name_that_cannot_be_resolved_is_unknown_and_so_is_an_unsaid_region() -> None:
    assert (await terms()).endpoints[0] == Endpoint("one.openai.azure.com", None, "")


async def test_the_company_s_rules_hold() -> None:
    day = timedelta(days=1)
    kept = rules(history=7 * day, audit=90 * day, gone=3 * day, models=frozenset({"deep"}), off=frozenset({"export"}))
    found = await terms(under=replace(kept, dead=2 * day, feedback=5 * day, usage=6 * day))
    assert (found.retention_days, found.audit_days, found.gone_days) == (7, 90, 3)
    assert [offer.name for offer in found.offers] == ["deep"]
    assert (found.dead_days, found.feedback_days, found.usage_days, found.off) == (2, 5, 6, frozenset({"export"}))


async def test_without_a_rule_every_deployment_is_on_offer_in_its_order() -> None:
    assert [offer.name for offer in (await terms(under=rules(models=frozenset()))).offers] == ["quick", "deep"]


async def test_part_of_a_day_counts_as_one() -> None:
    assert (await terms(under=rules(history=timedelta(days=2, hours=1)))).retention_days == 3


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("ABUSE_MONITORING", "modified", "monitoring", "modified"),
        ("ABUSE_MONITORING", "standard", "monitoring", "standard"),
        ("CONTENT_KEY", "https://v.vault.azure.net/keys/content", "sealed", "vault"),
        ("CONTENT_KEY", "content.key", "sealed", "file"),
        ("CONTENT_KEY", "", "sealed", "file"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example", "telemetry", True),
        ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=x", "telemetry", True),
        ("HOST", "0.0.0.0", "telemetry", False),
    ],
)
async def test_settings_become_terms(name: str, value: str, field: str, expected: object) -> None:
    assert getattr(await terms(settings(**{name: value})), field) == expected


async def test_in_local_mode_there_is_neither_a_resource_nor_a_deployment() -> None:
    found = await TermsOf(read(COMPANY, local=True), Names(), Clock()).of(rules())
    assert (found.local, found.endpoints, found.offers) == (True, (), ())


async def test_names_are_looked_up_again_only_after_a_while() -> None:
    names, clock = Names(one={"10.0.0.4"}, two={"10.0.0.5"}), Clock()
    of = TermsOf(settings(), names, clock).of
    await of(rules())
    names.known["one"] = {"20.1.2.3"}
    assert ((await of(rules())).endpoints[0].private, names.asked) == (True, 2)
    clock.time += FRESH
    assert ((await of(rules())).endpoints[0].private, names.asked) == (False, 4)


async def test_a_clock_that_was_set_back_keeps_no_old_answer_alive() -> None:
    names, clock = Names(one={"10.0.0.4"}), Clock()
    of = TermsOf(settings(), names, clock).of
    await of(rules())
    clock.time -= timedelta(days=1)
    await of(rules())
    assert names.asked == 4


async def test_many_who_ask_at_once_look_up_once() -> None:
    names = Names(one={"10.0.0.4"}, two={"10.0.0.5"})
    of = TermsOf(settings(), names, Clock()).of
    found = await asyncio.gather(*(of(rules()) for _ in range(20)))
    assert (names.asked, {each.endpoints[0].private for each in found}) == (2, {True})


async def test_while_one_looks_it_up_again_the_others_go_by_what_is_known() -> None:
    names, clock = Names(one={"10.0.0.4"}, two={"10.0.0.5"}), Clock()
    of = TermsOf(settings(), names, clock).of
    await of(rules())
    clock.time += FRESH
    names.gate = asyncio.Event()
    looking = asyncio.create_task(of(rules()))
    await asyncio.wait_for(names.reached.wait(), 5)
    assert (await of(rules())).endpoints[0].private is True
    names.gate.set()
    await looking
