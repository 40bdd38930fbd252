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
    ),
)
"""Resources that have diagnostics, but for those that know nothing but figures of traffic: endpoints, network cards, zones."""

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
