# Holds the gateway's certificate and the keys of the company; no secret of the application, because it has none.

resource "azurerm_key_vault" "parley" {
  name                = "kv-${var.place.unique}"
  resource_group_name = var.place.group
  location            = var.place.location
  tenant_id           = var.tenant_id
  sku_name            = "premium"

  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false

  # "AzureServices" is the way of the stores to their own key; it opens nothing to anybody's network.
  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }

  tags = var.place.tags
}

# Wraps the keys that contents are encrypted with (CONTENT_KEY). A lost key is lost contents: purge protection, a lock,
# and rotation without an end date, because an expired key would stop the bot in the middle of a day.
resource "azurerm_key_vault_key" "content" {
  # checkov:skip=CKV_AZURE_40:Rotated every year; with an end date contents could not be written on the day after.
  name         = "content"
  key_vault_id = azurerm_key_vault.parley.id
  key_type     = "RSA-HSM"
  key_size     = 3072
  key_opts     = ["wrapKey", "unwrapKey"]
  tags         = var.place.tags

  rotation_policy {
    automatic {
      time_after_creation = "P1Y"
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_key_vault_key" "stores" {
  # checkov:skip=CKV_AZURE_40:Rotated every year; with an end date the stores would stop.
  count = var.cmk ? 1 : 0

  name         = "stores"
  key_vault_id = azurerm_key_vault.parley.id
  key_type     = "RSA-HSM"
  key_size     = 3072
  key_opts     = ["wrapKey", "unwrapKey"]
  tags         = var.place.tags

  rotation_policy {
    automatic {
      time_after_creation = "P1Y"
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

# On the one key, not on the vault.
resource "azurerm_role_assignment" "bot_wraps_keys" {
  scope                = azurerm_key_vault_key.content.resource_versionless_id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = var.bot_principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "gateway_reads_certificate" {
  scope                = azurerm_key_vault.parley.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = var.gateway_principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "stores_read_keys" {
  count = var.cmk ? 1 : 0

  scope                = azurerm_key_vault.parley.id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = var.cmk_principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_private_endpoint" "vault" {
  name                = "pe-${var.place.name}-vault"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.parley.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}

resource "azurerm_monitor_diagnostic_setting" "vault" {
  name                       = "to-logs"
  target_resource_id         = azurerm_key_vault.parley.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "AuditEvent"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
