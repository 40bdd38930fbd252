"""The doctor and the names: where each leads, and whether it may."""

from collections.abc import Awaitable, Callable

import pytest

from bot.reach import endpoints, ingestion, told
from tests.bot.doctoring import Ward, ward

__all__ = ["ward"]

DATABASE = "postgresql://parley@db.contoso.example/parley?sslmode=require"
RESOURCE = "https://contoso.openai.azure.com"
VAULT = "https://contoso.vault.azure.net/keys/content"


def leads(**to: str) -> Callable[[str], Awaitable[frozenset[str]]]:
    """Names whose first part is known lead there, all others to this machine."""

    async def resolve(host: str) -> frozenset[str]:
        found = to.get(host.partition(".")[0], "127.0.0.1")
        if not found:
            raise OSError("no such name")
        return frozenset(found.split(","))

    return resolve


async def address(ward: Ward, host: str) -> str:
    return (await ward.seen())[f"address {host}"]


@pytest.mark.parametrize(
    ("addresses", "line"),
    [
        ("10.0.0.4", "ok   database: 10.0.0.4 (private)"),
        ("fd00::4", "ok   database: fd00::4 (private)"),
        ("20.1.2.3", "FAIL database: 20.1.2.3 (public). Cure: give it a private endpoint"),
        ("10.0.0.4,2603:1030::1", "FAIL database: 10.0.0.4, 2603:1030::1 (private and public). Cure: give it"),
        ("10.0.0.4,::ffff:20.1.2.3", "FAIL database: 10.0.0.4, ::ffff:20.1.2.3 (private and public)"),
        ("", "FAIL database: its name is not known (OSError). Cure: look at this machine's DNS"),
    ],
)
async def test_the_database_leads_to_private_addresses_alone(ward: Ward, addresses: str, line: str) -> None:
    ward.environ["DATABASE_URL"] = DATABASE
    ward.probes["resolve"] = leads(db=addresses)
    assert (await address(ward, "db.contoso.example")).startswith(line)


@pytest.mark.parametrize(("allowed", "state"), [("false", "FAIL"), ("true", "warn")])
async def test_a_vault_in_public_fails_but_in_a_trial(ward: Ward, allowed: str, state: str) -> None:
    ward.environ |= {"CONTENT_KEY": VAULT, "ALLOW_PUBLIC_MODEL_ENDPOINT": allowed}
    ward.probes["resolve"] = leads(contoso="20.1.2.3")
    assert (await address(ward, "contoso.vault.azure.net")).startswith(f"{state} key vault: 20.1.2.3 (public)")


@pytest.mark.parametrize(("allowed", "state"), [("false", "FAIL"), ("true", "warn")])
async def test_a_model_at_a_public_address_is_found(ward: Ward, allowed: str, state: str) -> None:
    ward.environ["ALLOW_PUBLIC_MODEL_ENDPOINT"] = allowed

    async def resolve(host: str) -> frozenset[str]:
        return frozenset({"10.0.0.4", "20.1.2.3"})

    ward.probes["resolve"] = resolve
    assert (await address(ward, "127.0.0.1")).startswith(f"{state} models: 10.0.0.4, 20.1.2.3 (private and public)")


async def test_telemetry_in_public_is_a_warning_for_no_words_go_there(ward: Ward) -> None:
    ward.environ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = (
        "InstrumentationKey=canary;IngestionEndpoint=https://in.example/"
    )
    ward.probes["resolve"] = leads(**{"in": "20.1.2.3"})
    line = await address(ward, "in.example")
    assert line.startswith("warn telemetry: 20.1.2.3 (public)") and "canary" not in line


async def test_microsofts_own_names_may_be_public(ward: Ward) -> None:
    ward.environ["SERVICE_ORIGINS"] = "https://smba.example"
    ward.probes["resolve"] = leads(smba="52.1.2.3")
    assert await address(ward, "smba.example") == "ok   Teams: 52.1.2.3 (public)"


async def test_a_name_that_hangs_or_is_unknown_stands_in_nobodys_way(ward: Ward) -> None:
    async def nothing(host: str) -> frozenset[str]:
        raise OSError

    ward.probes["resolve"] = nothing
    found = await ward.seen()
    assert found["address 127.0.0.1"].startswith("FAIL") and found["channel keys"].startswith("ok")


async def test_a_host_that_is_two_things_is_judged_by_the_stricter(ward: Ward) -> None:
    kinds = {each.host: each.what for each in reversed(list(endpoints(ward.settings())))}
    assert kinds["127.0.0.1"] == "models"


def test_many_addresses_are_counted_and_not_all_shown() -> None:
    assert told(frozenset({"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"})).endswith("10.0.0.3 and 1 more (private)")


@pytest.mark.parametrize(
    ("said", "to"),
    [
        (
            "InstrumentationKey=1;IngestionEndpoint=https://a.example/;LiveEndpoint=https://b.example",
            "https://a.example/",
        ),
        ("InstrumentationKey=1", ""),
        ("ingestionendpoint = http://a.example", ""),
        ("", ""),
    ],
)
def test_where_application_insights_takes_what_it_is_sent_stands_in_its_connection_string(said: str, to: str) -> None:
    assert ingestion(said) == to
