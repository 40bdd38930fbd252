"""What no infrastructure of ours may do, as rules over parsed files: each gives what breaks it.

They ask what stands in the files. A value that comes out of a variable is followed by the tests, not here.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.package.terraform import Configuration, Resource, inner

DATA = (
    "azurerm_cognitive_account",
    "azurerm_postgresql_flexible_server",
    "azurerm_storage_account",
    "azurerm_key_vault",
    "azurerm_cosmosdb_account",
)
"""Services that hold or see what people say, and the one of the seed that ours has not."""

KEYS_OFF: dict[str, tuple[str, bool]] = {
    "azurerm_cognitive_account": ("local_auth_enabled", False),
    "azurerm_postgresql_flexible_server": ("authentication.password_auth_enabled", False),
    "azurerm_storage_account": ("shared_access_key_enabled", False),
    "azurerm_key_vault": ("rbac_authorization_enabled", True),
    "azurerm_cosmosdb_account": ("local_authentication_enabled", False),
    "azurerm_linux_web_app": ("webdeploy_publish_basic_authentication_enabled", False),
    "azurerm_linux_web_app_slot": ("webdeploy_publish_basic_authentication_enabled", False),
    "azurerm_log_analytics_workspace": ("local_authentication_enabled", False),
    "azurerm_application_insights": ("local_authentication_enabled", False),
    "azurerm_bot_service_azure_bot": ("local_authentication_enabled", False),
    "azurerm_linux_virtual_machine": ("disable_password_authentication", True),
}
"""How each service is told that nothing but an identity opens it."""


def given(resource: Resource, path: str) -> Any:
    """An argument, with a dot leading into a block; None where it is not there."""
    block, _, name = path.rpartition(".")
    body = dict(inner(resource.body)).get(block, {}) if block else resource.body
    return body.get(name)


def open_services(found: Configuration) -> list[str]:
    """Data services whose public door is not shut in so many words."""
    return [each.where for each in found.resources(*DATA) if given(each, "public_network_access_enabled") is not False]


def services_with_keys(found: Configuration) -> list[str]:
    """Services that a key or a password opens."""
    return [
        f"{each.where}: {name}"
        for kind, (name, wanted) in KEYS_OFF.items()
        for each in found.resources(kind)
        if given(each, name) is not wanted
    ]


def endpoints(found: Configuration, resource: Resource) -> Iterator[Resource]:
    """The private endpoints that lead to a service."""
    for each in found.resources("azurerm_private_endpoint"):
        target = dict(inner(each.body)).get("private_service_connection", {}).get("private_connection_resource_id", "")
        if each.module == resource.module and f"{resource.address}.id" in target:
            yield each


def services_without_endpoint(found: Configuration) -> list[str]:
    """Data services and web apps that no private endpoint leads to."""
    return [each.where for each in found.resources(*DATA, "azurerm_linux_web_app") if not list(endpoints(found, each))]


def endpoints_without_name(found: Configuration) -> list[str]:
    """Private endpoints that do not write their own names, and names that are written by hand."""
    silent = (
        each
        for each in found.resources("azurerm_private_endpoint")
        if "private_dns_zone_group" not in dict(inner(each.body))
    )
    return [each.where for each in (*silent, *found.resources("azurerm_private_dns_a_record"))]


def slots_without_endpoint(found: Configuration) -> list[str]:
    """Slots that no endpoint of their own leads to: its part must name the slot."""
    parts = [
        str(dict(inner(each.body)).get("private_service_connection", {}).get("subresource_names"))
        for each in found.resources("azurerm_private_endpoint")
    ]
    return [
        each.where
        for each in found.resources("azurerm_linux_web_app_slot")
        if not any(f"sites-${{{each.address}.name}}" in part or f"sites-{each.body['name']}" in part for part in parts)
    ]


def subnets_without_guard(found: Configuration) -> list[str]:
    """Subnets that no security group is attached to; Azure admits none on the firewall's."""
    attached = "".join(
        each.text + json.dumps(found.locals(each.module))
        for each in found.resources("azurerm_subnet_network_security_group_association")
    )
    return [
        each.where
        for each in found.resources("azurerm_subnet")
        if each.body["name"] != "AzureFirewallSubnet"
        and not re.search(rf"{re.escape(each.address)}(\[\*\])?\.id", attached)
    ]
