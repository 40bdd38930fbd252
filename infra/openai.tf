resource "azurerm_cognitive_account" "openai" {
  name                = "oai-${var.name}"
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_resource_group.parley.location
  kind                = "OpenAI"
  sku_name            = "S0"

  # Entra sign-in needs a name of its own; keys and the public door are off.
  custom_subdomain_name              = "oai-${var.name}"
  local_auth_enabled                 = false
  public_network_access_enabled      = false
  outbound_network_access_restricted = true

  network_acls {
    default_action = "Deny"
    bypass         = "None"
  }

  tags = local.tags
}

resource "azurerm_cognitive_deployment" "model" {
  for_each = var.openai_deployments

  name                   = each.key
  cognitive_account_id   = azurerm_cognitive_account.openai.id
  version_upgrade_option = "NoAutoUpgrade"

  model {
    format  = "OpenAI"
    name    = each.value.model
    version = each.value.version
  }

  sku {
    name     = each.value.sku
    capacity = each.value.capacity
  }
}

resource "azurerm_private_endpoint" "openai" {
  name                = "pe-${var.name}-openai"
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_resource_group.parley.location
  subnet_id           = azurerm_subnet.endpoints.id
  tags                = local.tags

  private_service_connection {
    name                           = "openai"
    private_connection_resource_id = azurerm_cognitive_account.openai.id
    subresource_names              = ["account"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "openai"
    private_dns_zone_ids = [azurerm_private_dns_zone.private["openai"].id]
  }
}

# May call the model; may not change deployments or read keys.
resource "azurerm_role_assignment" "bot_uses_openai" {
  scope                = azurerm_cognitive_account.openai.id
  role_definition_name = "Cognitive Services OpenAI User"
  principal_id         = azurerm_user_assigned_identity.bot.principal_id
  principal_type       = "ServicePrincipal"
}
