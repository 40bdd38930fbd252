resource "azurerm_bot_service_azure_bot" "parley" {
  name                = "bot-${var.place.name}"
  resource_group_name = var.place.group
  location            = "global"
  sku                 = var.sku
  display_name        = "Parley"
  endpoint            = var.endpoint_address

  microsoft_app_id        = var.client_id
  microsoft_app_type      = "SingleTenant"
  microsoft_app_tenant_id = var.tenant_id
  cmk_key_vault_key_url   = var.cmk_key_url

  local_authentication_enabled = false
  streaming_endpoint_enabled   = false

  # Must stay on: switched off, the registration serves Direct Line only and Teams falls silent. Nothing of the company
  # is reachable by it; it is Microsoft's own service, which calls the endpoint above.
  public_network_access_enabled = true

  tags = var.place.tags
}

resource "azurerm_bot_channel_ms_teams" "parley" {
  bot_name               = azurerm_bot_service_azure_bot.parley.name
  resource_group_name    = var.place.group
  location               = azurerm_bot_service_azure_bot.parley.location
  deployment_environment = var.government ? "GCCModerateDeployment" : "CommercialDeployment"
  calling_enabled        = false
}

resource "azurerm_monitor_diagnostic_setting" "bot" {
  name                       = "to-logs"
  target_resource_id         = azurerm_bot_service_azure_bot.parley.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "BotRequest"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
