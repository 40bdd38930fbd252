resource "azurerm_postgresql_flexible_server" "parley" {
  name                = "psql-${var.place.unique}"
  resource_group_name = var.place.group
  location            = var.place.location
  version             = "17"
  sku_name            = var.sku
  storage_mb          = var.storage_mb
  auto_grow_enabled   = true

  public_network_access_enabled = false
  backup_retention_days         = 35
  geo_redundant_backup_enabled  = var.geo_backup

  # Sign-in with Entra only: there is no password to lose.
  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = var.tenant_id
  }

  dynamic "high_availability" {
    for_each = var.zone_redundant ? ["ZoneRedundant"] : []

    content {
      mode = high_availability.value
    }
  }

  dynamic "identity" {
    for_each = var.cmk[*]

    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.identity]
    }
  }

  dynamic "customer_managed_key" {
    for_each = var.cmk[*]

    content {
      key_vault_key_id                  = customer_managed_key.value.key_id
      primary_user_assigned_identity_id = customer_managed_key.value.identity
    }
  }

  tags = var.place.tags

  lifecycle {
    prevent_destroy = true
    # Azure swaps the zones at a failover, and the disk grows by itself: nobody may make it smaller again.
    ignore_changes = [zone, high_availability[0].standby_availability_zone, storage_mb]

    precondition {
      condition     = var.cmk == null || !var.geo_backup
      error_message = "A backup in the paired region under the company's own key needs a second vault there: set geo_backup to false, or the key to null."
    }
  }
}

# The second one is the staging slot's: new code is tried on it before it may see what people wrote.
resource "azurerm_postgresql_flexible_server_database" "parley" {
  for_each = toset(["parley", "parley_staging"])

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.parley.id
  charset   = "UTF8"
  collation = "en_US.utf8"

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_postgresql_flexible_server_active_directory_administrator" "people" {
  server_name         = azurerm_postgresql_flexible_server.parley.name
  resource_group_name = var.place.group
  tenant_id           = var.tenant_id
  object_id           = var.administrators.object_id
  principal_name      = var.administrators.name
  principal_type      = "Group"
}

resource "azurerm_private_endpoint" "database" {
  name                = "pe-${var.place.name}-database"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "database"
    private_connection_resource_id = azurerm_postgresql_flexible_server.parley.id
    subresource_names              = ["postgresqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "database"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}

resource "azurerm_monitor_diagnostic_setting" "database" {
  name                       = "to-logs"
  target_resource_id         = azurerm_postgresql_flexible_server.parley.id
  log_analytics_workspace_id = var.workspace_id

  # Not "allLogs": the query store would be among them, and it keeps the text of statements.
  enabled_log {
    category = "PostgreSQLLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
