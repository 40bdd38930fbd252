"""The faults of the framework that Parley took its promise from: the rule that finds each, and a small sample of it."""

FAULTS: dict[str, tuple[str, str]] = {
    "1 a zone of another cloud, which never resolves": (
        "foreign_zones",
        'locals { clouds = { public = { zones = { db = "privatelink.documents.azure.us" } } } }',
    ),
    "2 a name written by hand, and another one than the service has": (
        "endpoints_without_name",
        'resource "azurerm_private_dns_a_record" "oai" { name = "oai-x" }',
    ),
    "2 an endpoint that writes no name": (
        "endpoints_without_name",
        'resource "azurerm_private_endpoint" "oai" { name = "oai-x" }',
    ),
    "3 a shut storage without an endpoint": (
        "services_without_endpoint",
        'resource "azurerm_storage_account" "st" { public_network_access_enabled = false }',
    ),
    "4 a slot whose name points at another app": (
        "slots_without_endpoint",
        'resource "azurerm_linux_web_app_slot" "qa" { name = "qa" }\n'
        'resource "azurerm_private_endpoint" "qa" { private_service_connection { subresource_names = ["sites"] } }',
    ),
    "5 contributor of the models": (
        "wide_roles",
        'resource "azurerm_role_assignment" "oai" { role_definition_name = "Contributor" }',
    ),
    "5 officer of the vault": (
        "wide_roles",
        'resource "azurerm_role_assignment" "kv" { role_definition_name = "Key Vault Secrets Officer" }',
    ),
    "5 a database's role on a storage": (
        "wide_roles",
        'resource "azurerm_role_assignment" "st" { role_definition_name = "DocumentDB Account Contributor" }',
    ),
    "6 a key in the app's settings": (
        "secrets",
        'resource "azurerm_linux_web_app" "app" { app_settings = { COSMOS_ACCESS_KEY = "x" } }',
    ),
    "6 a key that is read from a resource": (
        "secrets",
        "locals { settings = { COSMOS = azurerm_cosmosdb_account.db.primary_key } }",
    ),
    "6 a service that a key opens": (
        "services_with_keys",
        'resource "azurerm_cosmosdb_account" "db" { local_authentication_enabled = true }',
    ),
    "6 models that a key opens": (
        "services_with_keys",
        'resource "azurerm_cognitive_account" "oai" { name = "oai" }',
    ),
    "7 a machine with a password": (
        "machines_with_a_way_in",
        'resource "azurerm_linux_virtual_machine" "vm" { admin_password = "x" }',
    ),
    "7 a machine of Windows": (
        "machines_with_a_way_in",
        'resource "azurerm_windows_virtual_machine" "vm" { name = "vm" }',
    ),
    "7 a machine with a public address": (
        "machines_with_a_way_in",
        'resource "azurerm_network_interface" "nic" { ip_configuration { public_ip_address_id = "x" } }',
    ),
    "7 a subnet without a security group": ("subnets_without_guard", 'resource "azurerm_subnet" "vm" { name = "vm" }'),
    "8 somebody's id in the code": ("foreign_ids", 'locals { tenant = "12345678-1234-1234-1234-123456789abc" }'),
    "9 an insecure default": (
        "open_services",
        'resource "azurerm_key_vault" "kv" { public_network_access_enabled = var.public }',
    ),
    "10 a resource that nobody watches": ("unwatched", 'resource "azurerm_key_vault" "kv" { name = "kv" }'),
}
