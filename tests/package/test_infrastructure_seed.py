"""The faults of the framework that Parley took its promise from, each by name: ours has none, and a small sample of the
fault is found."""

import json
import re

import pytest

from tests.package import rights, rules
from tests.package.faults import FAULTS
from tests.package.terraform import Configuration, infra, sample
from tests.package.test_infrastructure import checked
from tests.structure.source import ROOT, listing, modules

MICROSOFT = {
    "00000003-0000-0000-c000-000000000000": "Graph",
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264": "Teams on desktop and phone",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346": "Teams on the web",
    "71ef260a-8f18-47b7-abcb-62d0673d94dc": "a built-in policy",
    "037eea7a-bd0a-46c5-9a66-03aea78705d3": "a built-in policy",
    "b2982f36-99f2-4db5-8eff-283140c09693": "a built-in policy",
    "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54": "a built-in policy",
}


def foreign_ids(found: Configuration) -> list[str]:
    """Ids in the code that are not Microsoft's own, the same in every tenant."""
    return sorted(
        set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", json.dumps(dict(found.files))))
        - MICROSOFT.keys()
    )


def found_by(name: str, configuration: Configuration) -> list[str]:
    rule = foreign_ids if name == "foreign_ids" else getattr(rules, name, None) or getattr(rights, name)
    return list(rule(configuration))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sample_of_the_fault_is_found(fault: str) -> None:
    rule, text = FAULTS[fault]
    assert found_by(rule, sample(text))


@pytest.mark.parametrize("rule", sorted({rule for rule, _ in FAULTS.values()}))
def test_ours_has_none_of_it(rule: str) -> None:
    wrong = found_by(rule, infra())
    assert not wrong, listing(rule.replace("_", " "), wrong)


def test_9_the_defaults_are_the_safe_ones() -> None:
    variables = infra().blocks("variable", ".")
    defaults = {name: body.get("default") for name, body in variables.items()}
    assert (defaults["public_network_access_enabled"], defaults["storage_replication"], defaults["egress_mode"]) == (
        False,
        "ZRS",
        "firewall",
    )
    assert all("zone_redundant = optional(bool, true)" in str(variables[name]["type"]) for name in ("plan", "database"))
    vault = infra().only("azurerm_key_vault").body
    assert (vault["purge_protection_enabled"], vault["soft_delete_retention_days"]) == (True, 90)


def test_10_there_are_models_a_filter_alerts_a_budget_and_rules() -> None:
    kinds = {each.type for each in infra().resources()}
    assert {
        "azurerm_cognitive_deployment",
        "azurerm_cognitive_account_rai_policy",
        "azurerm_monitor_metric_alert",
        "azurerm_monitor_scheduled_query_rules_alert_v2",
        "azurerm_monitor_activity_log_alert",
        "azurerm_consumption_budget_subscription",
        "azurerm_resource_group_policy_assignment",
        "azurerm_management_lock",
    } <= kinds


def test_10_every_kind_of_resource_is_watched_or_has_nothing_to_say() -> None:
    silent = {kind for kinds in rights.UNDIAGNOSED.values() for kind in kinds}
    used = {each.type for each in infra().resources()}
    assert used - set(rights.DIAGNOSED) == silent, "a new kind belongs into one of the two lists of rights.py"


def test_10_all_four_services_of_the_storage_are_watched() -> None:
    (each,) = [body for body in infra().resources("azurerm_monitor_diagnostic_setting") if body.name == "service"]
    assert all(f"{kind}Services" in each.body["for_each"] for kind in ("blob", "queue", "table", "file"))


def test_11_no_pipeline_signs_in_with_a_secret() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}
    wrong = [
        name for name, text in texts.items() if re.search(r"ARM_CLIENT_SECRET|ARM_USE_MSI|client-secret|creds:", text)
    ]
    assert not wrong, listing("pipelines with a secret", wrong)
    literal = re.compile(r"^\s*(?:app-name|resource-group(?:-name)?):\s*(?!\$\{\{)\S", re.MULTILINE)
    assert literal.search("    app-name: app-openai-x\n") and not literal.search("    app-name: ${{ vars.APP }}\n")
    named = [name for name, text in texts.items() if literal.search(text)]
    assert not named, listing("pipelines that name somebody's app", named)
    subject = infra().only("azurerm_federated_identity_credential").body["subject"]
    assert subject == "repo:${var.repository}:environment:${each.value}"


def test_12_no_person_is_written_into_the_code() -> None:
    fault = re.compile(r"\b(user_?id|person|actor)\s*=\s*['\"]\d*['\"]", re.IGNORECASE)
    assert fault.search("userId = '1'")
    wrong = [f"{each.path}: {found[0]}" for each in modules() for found in fault.finditer(each.text)]
    assert not wrong, listing("people in the code", wrong)


def test_every_one_of_the_thirteen_has_a_test_of_its_own() -> None:
    named = {int(fault.split()[0]) for fault in FAULTS}
    tested = {int(found[1]) for name in globals() if (found := re.match(r"test_(\d+)_", name))}
    assert named | tested == set(range(1, 14))


def test_13_arguments_of_an_older_provider_are_found() -> None:
    (old,) = sample(
        'resource "azurerm_subnet" "app" {\n  name = "app"\n  resource_group_name = "g"\n  virtual_network_name = "v"\n'
        "  enforce_private_link_endpoint_network_policies = true\n}"
    ).resources()
    assert checked(old) == [
        "infra/sample.tf: azurerm_subnet.app: no argument enforce_private_link_endpoint_network_policies"
    ]
