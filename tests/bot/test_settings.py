import re
from collections.abc import Awaitable, Callable
from dataclasses import fields
from pathlib import Path

import pytest

from bot.names import is_loopback, is_public, origin, stays_here
from bot.settings import SETTINGS, BotCredential, Settings, Unfit, is_keyless, read, refuse_public

ROOT = Path(__file__).parents[2]
APP = "0f0a1b2c-3d4e-4f50-8172-93a4b5c6d7e8"
TENANT = "11111111-2222-4333-8444-555555555555"
GOOD = {
    "DATABASE_URL": "postgresql://parley@db.postgres.database.azure.com/parley?sslmode=verify-full",
    "MICROSOFT_APP_ID": APP.upper(),
    "MICROSOFT_APP_TENANT_ID": TENANT,
    "AZURE_OPENAI_ENDPOINTS": "https://one.openai.azure.com/, https://two.openai.azure.com",
    "AZURE_OPENAI_DEPLOYMENTS": "small,large",
}
HERE = {"AZURE_OPENAI_ENDPOINTS": "http://127.0.0.1:8000", "AZURE_OPENAI_DEPLOYMENTS": "tiny"}

FAKE = "s3cret"


def settings(**changes: str) -> Settings:
    return read({**GOOD, **changes}, local=False)


def at_home(**environ: str) -> Settings:
    return read(environ, local=True)


def faults(read: Callable[..., Settings], **changes: str) -> dict[str, str]:
    with pytest.raises(Unfit) as refused:
        read(**changes)
    return {fault.name: str(fault) for fault in refused.value.faults}


def test_a_complete_environment_is_read() -> None:
    found = settings()
    assert found.azure_openai_endpoints == ("https://one.openai.azure.com", "https://two.openai.azure.com")
    assert found.azure_openai_deployments == ("small", "large")
    assert (found.host, found.port, found.require_sign_in, found.retention_days) == ("0.0.0.0", 3978, True, 30)
    assert found.microsoft_app_id == APP
    assert found.bot_credential is BotCredential.FEDERATED
    assert found.service_origins == {"https://smba.trafficmanager.net"}


def test_without_a_list_only_the_tenant_of_the_app_is_allowed() -> None:
    assert settings().allowed_tenants == {TENANT}


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(Unfit) as refused:
        read({}, local=False)
    assert [fault.name for fault in refused.value.faults] == list(GOOD)


def test_an_empty_setting_counts_as_missing() -> None:
    assert set(faults(settings, MICROSOFT_APP_ID=" ")) == {"MICROSOFT_APP_ID"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "eighty"),
        ("PORT", "٣"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "1e3"),
        ("DAILY_TOKENS_TENANT", "1.5"),
        ("REQUIRE_SIGN_IN", "no"),
        ("REQUIRE_SIGN_IN", "TRUE"),
        ("ALLOW_PUBLIC_MODEL_ENDPOINT", "1"),
        ("MICROSOFT_APP_ID", "my-bot"),
        ("MICROSOFT_APP_TENANT_ID", "contoso.onmicrosoft.com"),
        ("MICROSOFT_APP_TENANT_ID", "common"),
        ("ALLOWED_TENANTS", "*"),
        ("ALLOWED_TENANTS", f"{TENANT},contoso.com"),
        ("BOT_CREDENTIAL", "password"),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "host=db dbname=parley"),
        ("DATABASE_URL", "postgresql://parley@db.example/parley"),
        ("DATABASE_URL", "postgresql://parley@db.example/parley?sslmode=prefer"),
        ("DATABASE_URL", "postgresql://parley@127.0.0.1/parley?host=db.example"),
        ("SERVICE_ORIGINS", "http://smba.trafficmanager.net"),
        ("SERVICE_ORIGINS", "https://*.trafficmanager.net"),
        ("SERVICE_ORIGINS", "https://smba.trafficmanager.net/teams"),
        ("SERVICE_ORIGINS", "smba.trafficmanager.net"),
        ("SERVICE_ORIGINS", "https://smba.trafficmanager.net@evil.example"),
        ("SERVICE_ORIGINS", "http://127.0.0.1.evil.example"),
        ("SERVICE_ORIGINS", ","),
        ("AZURE_OPENAI_ENDPOINTS", "http://one.openai.azure.com"),
        ("AZURE_OPENAI_ENDPOINTS", "https://one.openai.azure.com/openai/v1"),
        ("AZURE_OPENAI_ENDPOINTS", "https://api.openai.com"),
        ("AZURE_OPENAI_ENDPOINTS", "https://one.openai.azure.com?api-version=1"),
        ("LOGIN_URL", "http://login.example"),
        ("GRAPH_URL", "ftp://graph.example"),
        ("OPENID_METADATA_URL", "https://keys.example:99999"),
        ("OAUTH_CONNECTION_NAME", "s\u200bso"),
    ],
)
def test_an_unusable_value_is_refused_by_name_and_never_quoted(name: str, value: str) -> None:
    found = faults(settings, **{name: value})
    assert set(found) == {name}
    assert len(value) < 4 or value not in found[name]


@pytest.mark.parametrize("key", ["AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"])
def test_an_api_key_is_refused(key: str) -> None:
    assert set(faults(settings, **{key: "sk-1"})) == {key}


def test_an_api_key_is_taken_for_a_loopback_model() -> None:
    assert settings(**HERE, OPENAI_API_KEY="sk-1").model_key == "sk-1"  # pragma: allowlist secret


def test_an_api_key_is_refused_where_one_of_the_endpoints_is_elsewhere() -> None:
    both = "http://127.0.0.1:8000,https://one.openai.azure.com"
    assert set(faults(settings, AZURE_OPENAI_ENDPOINTS=both, OPENAI_API_KEY=FAKE)) == {"OPENAI_API_KEY"}


def test_a_secret_is_required_where_it_is_used() -> None:
    assert set(faults(settings, BOT_CREDENTIAL="secret")) == {"MICROSOFT_APP_PASSWORD"}


def test_a_secret_is_refused_where_it_is_not_used() -> None:
    assert set(faults(settings, MICROSOFT_APP_PASSWORD=FAKE)) == {"MICROSOFT_APP_PASSWORD"}


def test_no_secret_stands_in_the_text_of_the_settings() -> None:
    changes = {"BOT_CREDENTIAL": "secret", "MICROSOFT_APP_PASSWORD": "s3cret-1"}  # pragma: allowlist secret
    changes |= {
        "APPLICATIONINSIGHTS_CONNECTION_STRING": "InstrumentationKey=s3cret-2",
        "OPENAI_API_KEY": f"{FAKE}-3",
    }
    changes |= {"DATABASE_URL": "postgresql://parley:s3cret-4@localhost/parley"}  # pragma: allowlist secret
    assert "s3cret" not in repr(settings(**HERE, **changes))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://parley@127.0.0.1:5432/parley",
        "postgres://parley@[::1]/parley",
        "postgresql://postgres:@/postgres?host=/tmp/sockets",
    ],
)
def test_a_database_on_this_machine_needs_no_encryption(url: str) -> None:
    assert settings(DATABASE_URL=url).database_url == url


def test_a_database_url_without_a_password_takes_a_token() -> None:
    assert is_keyless(GOOD["DATABASE_URL"])
    assert not is_keyless("postgresql://postgres:@/postgres?host=/tmp/sockets")


def test_every_outward_address_may_be_a_loopback_double() -> None:
    found = settings(
        SERVICE_ORIGINS="http://127.0.0.1:9000/", LOGIN_URL="http://localhost:9001", GRAPH_URL="http://[::1]:1"
    )
    assert found.service_origins == {"http://127.0.0.1:9000"}
    assert (found.login_url, found.graph_url) == ("http://localhost:9001", "http://[::1]:1")


def test_local_mode_needs_nothing() -> None:
    found = at_home()
    assert (found.host, found.require_sign_in, found.azure_openai_endpoints) == ("127.0.0.1", False, ())
    assert (found.graph_url, found.database_url) == ("", "")


def test_local_mode_listens_on_loopback_whatever_host_says() -> None:
    assert at_home(HOST="0.0.0.0").host == "127.0.0.1"


def test_local_mode_uses_nothing_of_an_environment_that_leads_off_the_machine() -> None:
    found = at_home(**GOOD, OPENAI_API_KEY="sk-1", GRAPH_URL="https://graph.microsoft.com")
    assert (found.azure_openai_endpoints, found.model_key, found.graph_url, found.database_url) == ((), "", "", "")


@pytest.mark.parametrize(
    ("value", "held"), [("https://v.vault.azure.net/keys/content", ""), ("content.key", "content.key")]
)
def test_local_mode_asks_no_vault_for_its_key(value: str, held: str) -> None:
    assert at_home(CONTENT_KEY=value).content_key == held


def test_local_mode_may_name_a_model_server_of_this_machine() -> None:
    found = at_home(**HERE, GRAPH_URL="http://localhost:7000")
    assert (found.azure_openai_endpoints, found.graph_url) == (("http://127.0.0.1:8000",), "http://localhost:7000")


def test_a_model_server_of_this_machine_needs_the_name_of_its_model() -> None:
    assert set(faults(at_home, AZURE_OPENAI_ENDPOINTS="http://127.0.0.1:8000")) == {"AZURE_OPENAI_DEPLOYMENTS"}


def test_an_unusable_value_is_refused_in_local_mode_too() -> None:
    assert set(faults(at_home, PORT="x")) == {"PORT"}


def test_the_table_the_dataclass_the_example_and_the_page_name_the_same_settings() -> None:
    names = [setting.name for setting in SETTINGS]
    known = {field.name for field in fields(Settings)} - {"local", "model_key"}
    example = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    page = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert {name.lower() for name in names} == known
    assert example == page == names


def test_the_page_and_the_example_show_the_defaults() -> None:
    page = dict(
        re.findall(r"^\| `([A-Z_]+)` \|.*\| `(.+?)` \|$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    )
    example = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    defaults = {setting.name: setting.default for setting in SETTINGS if setting.default}
    assert page == example == defaults


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_these_hosts_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "10.0.0.1", "127.8.8.8", "localhost.example", "127.0.0.1.example", "2130706433"]
)
def test_these_hosts_are_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "address", ["", "//host", "https://", "https://a b", "https://a\\b", "https://u@h", "javascript:x", "https://h:0"]
)
def test_what_two_readers_could_read_differently_has_no_origin(address: str) -> None:
    assert origin(address) is None


def test_an_origin_is_written_in_one_way() -> None:
    assert origin("HTTPS://Graph.Example:443/v1.0?x") == "https://graph.example"
    assert origin("http://[::1]:80") == "http://[::1]"
    assert stays_here("http://[::1]:8080/x")


@pytest.mark.parametrize(
    ("addresses", "public"),
    [
        ({"10.1.2.3"}, False),
        ({"fd00::1", "fe80::1%eth0"}, False),
        ({"127.0.0.1"}, False),
        ({"10.1.2.3", "20.1.2.3"}, True),
        ({"2603:1030::1"}, True),
        ({"::ffff:20.1.2.3"}, True),
    ],
)
async def test_a_host_is_public_when_any_of_its_addresses_is(addresses: set[str], public: bool) -> None:
    async def resolve(host: str) -> frozenset[str]:
        return frozenset(addresses)

    assert await is_public("one.example", resolve) is public


async def test_the_resolver_of_the_system_knows_this_machine() -> None:
    assert not await is_public("localhost")


def leads_to(*found: str) -> Callable[[str], Awaitable[frozenset[str]]]:
    async def resolve(host: str) -> frozenset[str]:
        if not found:
            raise OSError
        return frozenset(found)

    return resolve


async def test_a_model_at_a_public_address_stops_the_start() -> None:
    with pytest.raises(Unfit) as refused:
        await refuse_public(settings(), leads_to("10.0.0.4", "20.1.2.3"))
    assert [fault.name for fault in refused.value.faults] == ["AZURE_OPENAI_ENDPOINTS"]


@pytest.mark.parametrize("found", [("10.0.0.4",), ("127.0.0.1",), ()])
async def test_a_model_at_a_private_address_or_none_does_not(found: tuple[str, ...]) -> None:
    await refuse_public(settings(), leads_to(*found))


async def test_a_model_at_a_public_address_may_be_permitted() -> None:
    await refuse_public(settings(ALLOW_PUBLIC_MODEL_ENDPOINT="true"), leads_to("20.1.2.3"))


def test_a_role_may_be_asked_of_people_with_or_without_signing_in_for_everyone() -> None:
    found = settings(USER_ROLE="user", REQUIRE_SIGN_IN="false")
    assert (found.user_role, found.require_sign_in) == ("user", False)


def test_local_mode_asks_for_no_role_because_nobody_signs_in_there() -> None:
    assert at_home(USER_ROLE="user").user_role == ""
