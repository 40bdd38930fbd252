resource "azurerm_bot_service_azure_bot" "parley" {
  name                = "bot-${var.name}"
  resource_group_name = azurerm_resource_group.parley.name
  location            = "global"
  sku                 = "S1"
  display_name        = "Parley"
  endpoint            = "https://${azurerm_linux_web_app.parley.default_hostname}/api/messages"

  microsoft_app_id        = var.microsoft_app_id
  microsoft_app_type      = "SingleTenant"
  microsoft_app_tenant_id = var.tenant_id

  local_authentication_enabled = false
  streaming_endpoint_enabled   = false

  # Must stay on: switched off, the registration serves Direct Line only and Teams falls silent.
  public_network_access_enabled = true

  tags = local.tags
}

resource "azurerm_bot_channel_ms_teams" "parley" {
  bot_name            = azurerm_bot_service_azure_bot.parley.name
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_bot_service_azure_bot.parley.location
  calling_enabled     = false
}
