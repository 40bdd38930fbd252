"""Nothing of the company's is open: doors, names, roles and logs, followed from the root into the modules."""

import json
import re

import pytest

from tests.package.terraform import infra, inner
from tests.structure.source import listing

ROLES = {
    ("bot", "Cognitive Services OpenAI User", "azurerm_cognitive_account.openai"),
    ("bot", "Storage Blob Data Contributor", "azurerm_storage_container.exports"),
    ("bot", "Monitoring Metrics Publisher", "azurerm_application_insights.parley"),
    ("bot", "Key Vault Crypto User", "azurerm_key_vault_key.content"),
    ("gateway", "Key Vault Secrets User", "azurerm_key_vault.parley"),
    ("cmk", "Key Vault Crypto Service Encryption User", "azurerm_key_vault.parley"),
    ("deploy", "Website Contributor", "azurerm_linux_web_app.parley"),
    ("deploy", "Storage Blob Data Contributor", "azurerm_storage_container.deploy"),
    ("plan", "Reader", "azurerm_resource_group"),
}
"""Who may do what on what. The database's role is given inside the database; nobody else has a standing right."""

ZONES = {"openai": "openai", "database": "database", "storage": "blob", "keyvault": "vault", "app": "app"}
"""The zone that each module's endpoint writes its name into."""

GUARDS = ("gateway", "app", "endpoints", "admin")
RULES = [rule for guard in GUARDS for rule in infra().locals("modules/network")[f"rules_of_{guard}"].items()]
"""Who may talk to whom, as written: name and rule."""


def root(module: str) -> dict[str, object]:
    """What the root hands to a module."""
    return infra().blocks("module", ".")[module]


def granted() -> set[tuple[str, str, str]]:
    """Every role, with the identity it goes to as the root says, and the kind of thing it is on."""
    found = set()
    for each in infra().resources("azurerm_role_assignment"):
        handed = root(each.module.removeprefix("modules/"))
        who = str(handed[each.body["principal_id"].removeprefix("${var.").split(".")[0].rstrip("}")])
        where = each.body["scope"].removeprefix("${")
        scope = (
            re.search(r"azurerm_\w+", str(handed["readable"]))
            if where.startswith("each")
            else re.match(r"azurerm_\w+\.\w+", where)
        )
        assert scope
        identity = re.search(r'module\.identity\.(\w+)\.|local\.pipelines\["(\w+)"\]', who)
        assert identity, who
        found.add((identity[1] or identity[2], each.body["role_definition_name"], scope[0]))
    return found


def test_the_roles_are_exactly_the_list() -> None:
    assert granted() == ROLES


def test_the_switch_is_off_and_opens_the_web_app_alone() -> None:
    assert infra().blocks("variable", ".")["public_network_access_enabled"]["default"] is False
    users = [
        name
        for name, call in infra().blocks("module", ".").items()
        if "var.public_network_access_enabled" in json.dumps(call)
    ]
    assert users == ["app"]
    assert infra().only("azurerm_linux_web_app").body["public_network_access_enabled"] == "${var.public}"
    assert infra().only("azurerm_linux_web_app_slot").body["public_network_access_enabled"] is False


@pytest.mark.parametrize("module", ZONES)
def test_an_endpoint_writes_its_name_into_the_zone_of_its_service(module: str) -> None:
    assert root(module)["endpoint"] == f'${{local.endpoints["{ZONES[module]}"]}}'
    for each in infra().resources("azurerm_private_endpoint"):
        group = dict(inner(each.body))["private_dns_zone_group"]
        assert group["private_dns_zone_ids"] == "${var.endpoint.zone_ids}"


def test_only_the_gateway_the_bastion_and_the_ways_out_have_an_address() -> None:
    assert {f"{each.module}: {each.name}" for each in infra().resources("azurerm_public_ip")} == {
        "modules/gateway: gateway",
        "modules/firewall: out",
        "modules/network: nat",
        "modules/admin: bastion",
    }


def test_every_subnet_and_direction_ends_in_a_refusal() -> None:
    ends = {
        (rule["guard"], rule["direction"]) for _, rule in RULES if rule["access"] == "Deny" and rule["priority"] == 4096
    }
    everywhere = {(guard, way) for guard in (*GUARDS, "bastion") for way in ("Inbound", "Outbound")}
    # The gateway's control plane must reach Azure wherever it is, so its way out stays open.
    assert ends == everywhere - {("gateway", "Outbound")}


def test_only_the_bastion_is_reached_from_everywhere() -> None:
    everybody = ("Internet", "*", "0.0.0.0/0")
    allowed = [(name, rule) for name, rule in RULES if (rule["direction"], rule["access"]) == ("Inbound", "Allow")]
    assert [name for name, rule in allowed if any(each in everybody for each in rule["from"])] == ["bastion-in-people"]


def test_a_priority_is_given_once_in_a_subnet_and_direction() -> None:
    places = [(rule["guard"], rule["direction"], rule["priority"]) for _, rule in RULES]
    assert len(places) == len(set(places))


def test_every_subnet_that_calls_out_is_given_a_way() -> None:
    # Azure's own way is off, so a subnet without one of ours reaches nothing outside the network.
    calling = {name for name in ("app", "admin") if f"{name}-out-hosts" in dict(RULES)}
    subnets = [each for each in infra().resources("azurerm_subnet") if each.name in calling]
    assert len(subnets) == 2 and all(each.body["default_outbound_access_enabled"] is False for each in subnets)
    natted, guarded = infra().locals("modules/network")["calling"], root("firewall")["guarded"]
    assert all(f"azurerm_subnet.{name}" in natted and f'subnets["{name}"]' in str(guarded) for name in calling)


def test_what_only_the_machine_may_call_the_app_may_not() -> None:
    machine, app = re.findall(r"local\.(hosts\w*).*?sources\s*=\s*([^}]+)\}", str(root("firewall")["hosts"]))
    assert (machine[0], app[0]) == ("hosts_of_machine", "hosts")
    assert "app_ranges" not in machine[1] and "app_ranges" in app[1]


def test_the_way_out_leads_to_named_hosts_only() -> None:
    clouds = infra().locals(".")["clouds"]
    assert set(clouds) == {"public", "usgovernment"}
    assert clouds["public"].keys() == clouds["usgovernment"].keys()
    wild = [f"{cloud}: {name}" for cloud, names in clouds.items() for name in names.values() if "*" in str(name)]
    assert [each for each in wild if "applicationinsights" not in each] == [], listing("wildcards", wild)
    (collection,) = [
        block
        for name, block in inner(infra().only("azurerm_firewall_policy_rule_collection_group").body)
        if name == "application_rule_collection"
    ]
    ((_, rule),) = inner(collection)
    assert rule["destination_fqdns"] == ["${rule.key}"]
    assert [block for name, block in inner(rule) if name == "protocols"] == [{"type": "Https", "port": 443}]
