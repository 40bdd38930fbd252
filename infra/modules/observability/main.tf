# Where logs and figures go. No one sends them with a key, and none of them holds what people said.

resource "azurerm_log_analytics_workspace" "parley" {
  count = var.existing_workspace_id == null ? 1 : 0

  name                           = "log-${var.place.name}"
  resource_group_name            = var.place.group
  location                       = var.place.location
  sku                            = "PerGB2018"
  retention_in_days              = var.retention_days
  local_authentication_enabled   = false
  internet_ingestion_access_type = local.access
  internet_query_access_type     = "Enabled" # people read logs in the portal, which is outside the network
  tags                           = var.place.tags
}

locals {
  workspace_id = var.existing_workspace_id == null ? azurerm_log_analytics_workspace.parley[0].id : var.existing_workspace_id
  access       = var.private_monitor ? "Disabled" : "Enabled"
}

resource "azurerm_application_insights" "parley" {
  name                         = "appi-${var.place.name}"
  resource_group_name          = var.place.group
  location                     = var.place.location
  application_type             = "web"
  workspace_id                 = local.workspace_id
  local_authentication_enabled = false
  internet_ingestion_enabled   = !var.private_monitor
  internet_query_enabled       = true
  ip_masking_enabled           = true
  retention_in_days            = var.retention_days
  tags                         = var.place.tags
}

# Telemetry is sent with a token; the connection string only names the place.
resource "azurerm_role_assignment" "bot_sends_telemetry" {
  scope                = azurerm_application_insights.parley.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = var.publisher_id
  principal_type       = "ServicePrincipal"
}

# Who read the logs is a log too.
resource "azurerm_monitor_diagnostic_setting" "workspace" {
  count = var.existing_workspace_id == null ? 1 : 0

  name                       = "to-logs"
  target_resource_id         = azurerm_log_analytics_workspace.parley[0].id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.parley[0].id

  enabled_log {
    category = "Audit"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
