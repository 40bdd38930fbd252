resource "azurerm_postgresql_flexible_server" "parley" {
  name                = "psql-${var.name}"
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_resource_group.parley.location
  version             = "17"
  sku_name            = "GP_Standard_D2ds_v5"
  storage_mb          = 65536
  auto_grow_enabled   = true

  public_network_access_enabled = false
  backup_retention_days         = 35
  geo_redundant_backup_enabled  = true

  # Sign-in with Entra only: there is no password to lose.
  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = var.tenant_id
  }

  high_availability {
    mode = "ZoneRedundant"
  }

  tags = local.tags

  lifecycle {
    prevent_destroy = true
    # Azure swaps these two at a failover.
    ignore_changes = [zone, high_availability[0].standby_availability_zone]
  }
}

resource "azurerm_postgresql_flexible_server_database" "parley" {
  name      = "parley"
  server_id = azurerm_postgresql_flexible_server.parley.id
  charset   = "UTF8"
  collation = "en_US.utf8"
}

resource "azurerm_postgresql_flexible_server_active_directory_administrator" "people" {
  server_name         = azurerm_postgresql_flexible_server.parley.name
  resource_group_name = azurerm_resource_group.parley.name
  tenant_id           = var.tenant_id
  object_id           = var.database_administrators.object_id
  principal_name      = var.database_administrators.name
  principal_type      = "Group"
}

# The server's own log never holds what somebody said: not the statement that failed, and not its values.
resource "azurerm_postgresql_flexible_server_configuration" "silent" {
  for_each = {
    log_min_error_statement = "panic"
    log_error_verbosity     = "terse"
  }

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.parley.id
  value     = each.value
}

# Many commits at once wait 0.3 ms for one another and share one write to the disk: nearly twice the turns a second.
resource "azurerm_postgresql_flexible_server_configuration" "together" {
  for_each = {
    commit_delay    = "300"
    commit_siblings = "3"
  }

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.parley.id
  value     = each.value
}

resource "azurerm_private_endpoint" "database" {
  name                = "pe-${var.name}-database"
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_resource_group.parley.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "database"
    private_connection_resource_id = azurerm_postgresql_flexible_server.parley.id
    subresource_names              = ["postgresqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "database"
    private_dns_zone_ids = [azurerm_private_dns_zone.private["database"].id]
  }
}
