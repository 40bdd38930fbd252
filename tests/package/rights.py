"""What no infrastructure of ours may do to rights, secrets, machines and logs, as rules over parsed files."""

import json
import re

from tests.package.rules import DATA
from tests.package.terraform import Configuration

DIAGNOSED = (
    *DATA,
    *(
        "azurerm_linux_web_app",
        "azurerm_linux_web_app_slot",
        "azurerm_service_plan",
        "azurerm_monitor_autoscale_setting",
    ),
    *("azurerm_application_gateway", "azurerm_firewall", "azurerm_bastion_host", "azurerm_bot_service_azure_bot"),
    *(
        "azurerm_virtual_network",
        "azurerm_network_security_group",
        "azurerm_log_analytics_workspace",
        "azurerm_public_ip",
        "azurerm_linux_virtual_machine",
    ),
)
"""Resources that have diagnostics, but for those that know nothing but figures of traffic: endpoints, network cards, zones."""

UNDIAGNOSED: dict[str, tuple[str, ...]] = {
    "figures of traffic only, which the services at both ends have too": (
        "azurerm_private_endpoint",
        "azurerm_network_interface",
    ),
    "figures that a diagnostic setting does not take": ("azurerm_private_dns_zone", "azurerm_nat_gateway"),
    "where the others' diagnostics go": ("azurerm_application_insights",),
    "a part of one that has diagnostics": (
        "azurerm_subnet",
        "azurerm_network_security_rule",
        "azurerm_cognitive_deployment",
        "azurerm_cognitive_account_rai_policy",
        "azurerm_cognitive_account_rai_blocklist",
        "azurerm_postgresql_flexible_server_active_directory_administrator",
        "azurerm_postgresql_flexible_server_configuration",
        "azurerm_postgresql_flexible_server_database",
        "azurerm_storage_container",
        "azurerm_storage_management_policy",
        "azurerm_key_vault_key",
        "azurerm_bot_channel_ms_teams",
        "azurerm_firewall_policy",
        "azurerm_firewall_policy_rule_collection_group",
        "azurerm_web_application_firewall_policy",
        "azurerm_virtual_machine_extension",
        "azurerm_dev_test_global_vm_shutdown_schedule",
    ),
    "a setting, which only the activity log tells of": (
        "azurerm_resource_group",
        "azurerm_role_assignment",
        "azurerm_management_lock",
        "azurerm_resource_group_policy_assignment",
        "azurerm_user_assigned_identity",
        "azurerm_federated_identity_credential",
        "azurerm_route",
        "azurerm_route_table",
        "azurerm_subnet_route_table_association",
        "azurerm_subnet_network_security_group_association",
        "azurerm_subnet_nat_gateway_association",
        "azurerm_nat_gateway_public_ip_association",
        "azurerm_private_dns_zone_virtual_network_link",
    ),
    "what watches": (
        "azurerm_monitor_diagnostic_setting",
        "azurerm_monitor_action_group",
        "azurerm_monitor_metric_alert",
        "azurerm_monitor_scheduled_query_rules_alert_v2",
        "azurerm_monitor_activity_log_alert",
        "azurerm_monitor_private_link_scope",
        "azurerm_monitor_private_link_scoped_service",
        "azurerm_application_insights_standard_web_test",
        "azurerm_application_insights_workbook",
        "azurerm_consumption_budget_subscription",
    ),
    "Entra's, whose own log tells of it": (
        "azuread_application",
        "azuread_application_federated_identity_credential",
        "azuread_application_identifier_uri",
        "azuread_application_pre_authorized",
        "azuread_service_principal",
    ),
}
"""Every other kind that is used, and why it has no diagnostics of its own."""

SECRET = re.compile(
    r"(?i)(password|secret|_pwd|access_?key|api_?key|account_?key|primary_key|host_?key|_sas\b|sas_token)"
)
HARMLESS = frozenset(
    {"disable_password_authentication", "password_auth_enabled", "shared_access_key_enabled", "key_vault_secret_id"}
)


def machines_with_a_way_in(found: Configuration) -> list[str]:
    """Machines with a password, of Windows, or with an address of their own."""
    machines = found.resources("azurerm_windows_virtual_machine", "azurerm_virtual_machine")
    passwords = (each for each in found.resources("azurerm_linux_virtual_machine") if "admin_password" in each.body)
    public = (each for each in found.resources("azurerm_network_interface") if "public_ip_address_id" in each.text)
    return [each.where for each in (*machines, *passwords, *public)]


def secrets(found: Configuration) -> list[str]:
    """Settings and arguments whose names say that they hold a secret, and keys that are read from a resource."""
    text = json.dumps(dict(found.files))
    names = (name for name in re.findall(r'"([\w.]+)": ', text) if SECRET.search(name) and name not in HARMLESS)
    read = re.findall(
        r"(?:azurerm|azuread)_\w+\.[\w\[\]*\"]+\.((?:primary|secondary)_\w*(?:key|connection_string)\w*|\w*access_key)",
        text,
    )
    return sorted({*names, *read})


def unwatched(found: Configuration) -> list[str]:
    """Resources that could say what happens to them and do not."""
    watched = [
        (each.module, each.body["target_resource_id"]) for each in found.resources("azurerm_monitor_diagnostic_setting")
    ]
    return [
        each.where
        for each in found.resources(*DIAGNOSED)
        if not any(
            module == each.module and re.search(rf"{re.escape(each.address)}(\[[^\]]+\])?\.id", target)
            for module, target in watched
        )
    ]


def wide_roles(found: Configuration) -> list[str]:
    """Roles that may do more than one thing, or on more than one thing."""
    wide = re.compile(
        r"Owner|User Access Administrator|^Contributor$|Account Contributor|Officer|Administrator|Storage Account"
    )
    return [
        f"{each.where}: {name}"
        for each in found.resources("azurerm_role_assignment")
        if wide.search(name := each.body["role_definition_name"])
    ]


def foreign_zones(found: Configuration) -> list[str]:
    """Zones of one cloud that stand in the table of the other."""
    wrong = []
    for module in found.modules():
        for cloud, names in found.locals(module).get("clouds", {}).items():
            zones = [*names["zones"].values(), *names.get("monitor_zones", [])]
            wrong += [
                f"{cloud}: {zone}" for zone in zones if bool(re.search(r"\.us$|usgov", zone)) is (cloud == "public")
            ]
    return wrong
