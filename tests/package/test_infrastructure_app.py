"""The web app, its slot, who it is, and what it is told."""

import json
import re

from bot.settings import SETTINGS
from bot.telemetry import Event
from bot.tokens import EXCHANGE_SCOPE
from bot.values import content_key
from tests.package.rights import SECRET
from tests.package.terraform import infra, inner
from tests.structure.source import ROOT, listing

ROOT_LOCALS = infra().locals(".")
DEFAULTS = {"HOST", "DATA_DIR", "REQUIRE_SIGN_IN", "ADMIN_ROLE", "AUDITOR_ROLE"}
NEVER = {"MICROSOFT_APP_PASSWORD", "ALLOW_PUBLIC_MODEL_ENDPOINT"}
CHOICES = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER_ARG"}
"""Settings of the bot that are not set here: the defaults are right, they weaken it, or the company chooses."""


def test_every_setting_of_the_bot_is_set_or_left_for_a_reason() -> None:
    assert set(ROOT_LOCALS["settings"]) == {setting.name for setting in SETTINGS} - DEFAULTS - NEVER - CHOICES


def test_what_differs_in_staging_is_a_setting_too() -> None:
    assert set(ROOT_LOCALS["staging_settings"]) == {"DATABASE_URL"}
    (sticky,) = [
        block for name, block in inner(infra().only("azurerm_linux_web_app").body) if name == "sticky_settings"
    ]
    assert sticky == {"app_setting_names": "${keys(var.staging_settings)}"}


def test_no_setting_is_a_secret() -> None:
    wrong = [name for name in ROOT_LOCALS["settings"] if SECRET.search(name)]
    assert not wrong, listing("settings that hold a secret", wrong)
    assert "${local.database}/" in ROOT_LOCALS["settings"]["DATABASE_URL"]
    assert re.fullmatch(
        r"postgresql://\$\{module\.identity\.bot\.name\}@\$\{module\.database\.host\}:5432", ROOT_LOCALS["database"]
    )


def test_the_content_key_is_one_that_the_bot_understands() -> None:
    key = infra().resources("azurerm_key_vault_key")[0]
    assert (
        infra().blocks("output", "modules/keyvault")["content_key"]["value"]
        == "${azurerm_key_vault_key.content.versionless_id}"
    )
    assert content_key(f"https://kv-parley.vault.azure.net/keys/{key.body['name']}")


def test_the_slot_differs_from_the_app_in_its_settings_and_its_door_only() -> None:
    app, slot = (infra().only(kind).body for kind in ("azurerm_linux_web_app", "azurerm_linux_web_app_slot"))
    (here,), (there,) = ([block for name, block in inner(body) if name == "site_config"] for body in (app, slot))
    assert {key: value for key, value in here.items() if key != "dynamic"} == there
    assert app["identity"] == slot["identity"]


def test_the_app_is_watched_spread_and_grows() -> None:
    (site,) = [block for name, block in inner(infra().only("azurerm_linux_web_app").body) if name == "site_config"]
    assert (site["health_check_path"], site["always_on"], site["ftps_state"]) == ("/readyz", True, "Disabled")
    assert (site["ip_restriction_default_action"], site["scm_ip_restriction_default_action"]) == ("Deny", "Deny")
    assert infra().only("azurerm_service_plan").body["zone_balancing_enabled"] == "${var.plan.zone_redundant}"
    assert (
        infra().only("azurerm_monitor_autoscale_setting").body["target_resource_id"]
        == "${azurerm_service_plan.parley.id}"
    )


def test_the_app_speaks_the_newest_tls_that_the_gateway_speaks_with_it() -> None:
    # Microsoft's page on the gateway's TLS: towards what is behind it at most 1.2, whatever the policy in front says.
    for kind in ("azurerm_linux_web_app", "azurerm_linux_web_app_slot"):
        (site,) = [block for name, block in inner(infra().only(kind).body) if name == "site_config"]
        assert (site["minimum_tls_version"], site["scm_minimum_tls_version"]) == ("1.2", "1.3")


def test_the_bot_is_of_one_tenant_and_stays_reachable_for_teams() -> None:
    bot = infra().only("azurerm_bot_service_azure_bot").body
    assert (bot["microsoft_app_type"], bot["public_network_access_enabled"], bot["streaming_endpoint_enabled"]) == (
        "SingleTenant",
        True,
        False,
    )


def test_the_registration_has_the_roles_the_bot_asks_for_and_no_secret() -> None:
    defaults = {setting.name: setting.default for setting in SETTINGS}
    assert {defaults["ADMIN_ROLE"], defaults["AUDITOR_ROLE"], "user"} == set(
        infra().locals("modules/identity")["roles"]
    )
    kinds = {each.type for each in infra().resources()}
    assert not {kind for kind in kinds if re.search(r"password|certificate$", kind)}
    application = infra().only("azuread_application").body
    assert application["sign_in_audience"] == "AzureADMyOrg"
    assert "access_as_user" in json.dumps(application) and "redirect_uris" in json.dumps(application)


def test_the_registration_and_the_page_about_it_ask_for_the_same() -> None:
    page = (ROOT / "docs/registration.md").read_text(encoding="utf-8")
    (wanted,) = re.findall(r"^for NAME in ([\w. ]+); do$", page, re.MULTILINE)
    assert infra().blocks("module", ".")["identity"]["graph_scopes"] == wanted.split()
    assert all(client in page for client in infra().locals("modules/identity")["teams"].values())


def test_the_registration_is_told_whom_to_trust_and_what_to_exchange() -> None:
    outputs = infra().blocks("output", ".")
    trusted, connection = (outputs[name]["value"] for name in ("federated_credential", "sign_in_connection"))
    assert trusted["subject"] == "${module.identity.bot.principal_id}"
    assert trusted["issuer"] == "${local.cloud.login}/${var.tenant_id}/v2.0"
    assert [f"{audience}/.default" for audience in trusted["audiences"]] == [EXCHANGE_SCOPE]
    assert connection["token_exchange_url"] == "api://botid-${module.identity.client_id}"
    assert connection["setting_name"] == ROOT_LOCALS["settings"]["OAUTH_CONNECTION_NAME"]


def test_the_defaults_of_the_bot_are_the_public_cloud() -> None:
    public, settings = ROOT_LOCALS["clouds"]["public"], {setting.name: setting.default for setting in SETTINGS}
    assert {
        name: public[key]
        for name, key in {
            "SERVICE_ORIGINS": "service_origins",
            "OPENID_METADATA_URL": "channel_keys",
            "TOKEN_ISSUER": "channel_issuer",
            "USER_TOKEN_URL": "token_service",
            "LOGIN_URL": "login",
            "GRAPH_URL": "graph",
            "AZURE_OPENAI_SCOPE": "openai_scope",
        }.items()
    } == {
        name: settings[name]
        for name in (
            "SERVICE_ORIGINS",
            "OPENID_METADATA_URL",
            "TOKEN_ISSUER",
            "USER_TOKEN_URL",
            "LOGIN_URL",
            "GRAPH_URL",
            "AZURE_OPENAI_SCOPE",
        )
    }


def test_an_alert_waits_for_an_event_that_the_bot_writes() -> None:
    events = infra().locals("modules/observability")["events"]
    assert {each["event"] for each in events.values()} <= set(Event)
