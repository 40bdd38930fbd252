"""The infrastructure as code: well-formed, every argument known, nothing of the company's open to the public."""

import json
import re

import pytest

from bot.settings import SETTINGS
from bot.tokens import EXCHANGE_SCOPE
from tests.package.azurerm import ARGUMENTS
from tests.package.terraform import Resource, blocks, only, parsed, references, resources
from tests.structure.source import ROOT, listing

PRIVATE = ("azurerm_cognitive_account", "azurerm_postgresql_flexible_server")
"""Services that hold or see what people say: no public door, a private endpoint, and a private name."""

PLATFORM = {"SSL_CERT_FILE", "SCM_DO_BUILD_DURING_DEPLOYMENT"}
"""Settings of the web app that OpenSSL and the platform read."""


def known(kind: str) -> frozenset[str]:
    return frozenset(word.rstrip("*") for word in ARGUMENTS[kind].split())


def needed(kind: str) -> frozenset[str]:
    return frozenset(word.rstrip("*") for word in ARGUMENTS[kind].split() if word.endswith("*"))


def endpoint_of(resource: Resource) -> Resource | None:
    """The private endpoint that leads to a service."""
    endpoints = (each for each in resources() if each.type == "azurerm_private_endpoint")
    return next((each for each in endpoints if f"{resource.address}.id" in json.dumps(each.body)), None)


def test_every_resource_is_of_a_type_we_know() -> None:
    assert {each.type for each in resources()} == set(ARGUMENTS)


@pytest.mark.parametrize("resource", resources(), ids=lambda resource: str(resource.address))
def test_a_resource_uses_only_arguments_of_its_type(resource: Resource) -> None:
    assert resource.arguments - known(resource.type) == set(), resource.where


@pytest.mark.parametrize("resource", resources(), ids=lambda resource: str(resource.address))
def test_a_resource_has_what_it_cannot_do_without(resource: Resource) -> None:
    assert needed(resource.type) - resource.arguments == set(), resource.where


def test_everything_referred_to_exists() -> None:
    made = {each.address for each in resources()} | {f"var.{name}" for name in blocks("variable")}
    made |= {f"local.{name}" for content in parsed().values() for each in content.get("locals", []) for name in each}
    wrong = [
        f"infra/{file} refers to {name}"
        for file, content in parsed().items()
        for name in references(json.dumps(content))
        if name not in made
    ]
    assert not wrong, listing("references to nothing", wrong)


def test_every_variable_is_explained_and_used() -> None:
    used = references(json.dumps(list(parsed().values())))
    wrong = [
        name
        for name, body in blocks("variable").items()
        if f"var.{name}" not in used or not body.get("description") or "type" not in body
    ]
    assert not wrong


def test_the_example_gives_every_variable_that_has_no_default() -> None:
    example = (ROOT / "infra" / "example.tfvars").read_text(encoding="utf-8")
    given = set(re.findall(r"^(\w+)\s*=", example, re.MULTILINE))
    assert {name for name, body in blocks("variable").items() if "default" not in body} == given


@pytest.mark.parametrize("kind", PRIVATE)
def test_a_service_that_sees_content_has_no_public_door(kind: str) -> None:
    assert only(kind).body["public_network_access_enabled"] is False


@pytest.mark.parametrize("kind", PRIVATE)
def test_a_service_that_sees_content_has_a_private_endpoint_with_a_name(kind: str) -> None:
    endpoint = endpoint_of(only(kind))
    assert endpoint is not None
    assert "azurerm_private_dns_zone.private" in json.dumps(endpoint.body["private_dns_zone_group"])


def test_the_model_answers_no_key() -> None:
    assert only("azurerm_cognitive_account").body["local_auth_enabled"] is False


def test_the_database_knows_no_password() -> None:
    (sign_in,) = only("azurerm_postgresql_flexible_server").body["authentication"]
    assert (sign_in["password_auth_enabled"], sign_in["active_directory_auth_enabled"]) == (False, True)


def test_no_file_holds_a_secret() -> None:
    secret = re.compile(r"\b\w*(password|secret|access_key|api_key|account_key)\w*\b(?=\s*=)", re.IGNORECASE)
    wrong = [
        f"infra/{path.name}: {found[0]}"
        for path in sorted((ROOT / "infra").glob("*.tf*"))
        for found in secret.finditer(path.read_text(encoding="utf-8"))
        if found[0] != "password_auth_enabled"
    ]
    assert not wrong, listing("arguments that hold a secret", wrong)


def test_the_bot_is_of_one_tenant_and_stays_reachable_for_teams() -> None:
    bot = only("azurerm_bot_service_azure_bot").body
    assert bot["microsoft_app_type"] == "SingleTenant"
    assert bot["public_network_access_enabled"] is True
    assert bot["local_authentication_enabled"] is False


def test_the_door_lets_in_only_whom_it_names() -> None:
    (site,) = only("azurerm_linux_web_app").body["site_config"]
    assert (site["ip_restriction_default_action"], site["scm_ip_restriction_default_action"]) == ("Deny", "Deny")
    assert {each.get("service_tag") or each["ip_address"] for each in site["ip_restriction"]} == {
        "AzureBotService",
        "52.112.0.0/14",
        "52.122.0.0/15",
    }


def test_the_identity_may_call_the_model_and_nothing_else() -> None:
    roles = [each.body["role_definition_name"] for each in resources() if each.type == "azurerm_role_assignment"]
    assert roles == ["Cognitive Services OpenAI User"]


def test_no_prompt_is_collected_as_a_log() -> None:
    assert not re.search(r'"(RequestResponse|Trace)"', (ROOT / "infra" / "logs.tf").read_text(encoding="utf-8"))


def test_every_setting_of_the_web_app_is_one_the_bot_reads() -> None:
    names = set(only("azurerm_linux_web_app").body["app_settings"]) - PLATFORM
    assert names - {setting.name for setting in SETTINGS} == set()


def test_the_registration_is_told_whom_to_trust_and_what_to_exchange() -> None:
    trusted, connection = (blocks("output")[name]["value"] for name in ("federated_credential", "sign_in_connection"))
    assert trusted["subject"] == "${azurerm_user_assigned_identity.bot.principal_id}"
    assert trusted["issuer"] == "https://login.microsoftonline.com/${var.tenant_id}/v2.0"
    assert [f"{audience}/.default" for audience in trusted["audiences"]] == [EXCHANGE_SCOPE]
    assert connection["token_exchange_url"] == "api://botid-${var.microsoft_app_id}"


def test_the_bot_is_set_to_the_connection_that_is_to_be_made() -> None:
    name = only("azurerm_linux_web_app").body["app_settings"]["OAUTH_CONNECTION_NAME"]
    assert name == blocks("output")["sign_in_connection"]["value"]["setting_name"]


def test_only_one_major_version_of_the_provider_is_allowed() -> None:
    (terraform,) = parsed()["versions.tf"]["terraform"]
    assert terraform["required_providers"][0]["azurerm"]["version"] == ">= 5.10, < 6.0"
