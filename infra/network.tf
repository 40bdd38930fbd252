# A virtual network with two subnets: the bot's way out, and the private doors of what it talks to.

resource "azurerm_virtual_network" "parley" {
  name                = "vnet-${var.name}"
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_resource_group.parley.location
  address_space       = [var.address_space]
  tags                = local.tags
}

resource "azurerm_subnet" "app" {
  name                 = "app"
  resource_group_name  = azurerm_resource_group.parley.name
  virtual_network_name = azurerm_virtual_network.parley.name
  address_prefixes     = [cidrsubnet(var.address_space, 2, 0)]

  delegation {
    name = "app-service"

    service_delegation {
      name    = "Microsoft.Web/serverFarms"
      actions = ["Microsoft.Network/virtualNetworks/subnets/action"]
    }
  }
}

resource "azurerm_subnet" "endpoints" {
  name                              = "endpoints"
  resource_group_name               = azurerm_resource_group.parley.name
  virtual_network_name              = azurerm_virtual_network.parley.name
  address_prefixes                  = [cidrsubnet(var.address_space, 2, 1)]
  default_outbound_access_enabled   = false
  private_endpoint_network_policies = "Enabled"
}

# Names inside the network resolve to the private addresses; each endpoint writes its own records.

locals {
  private_zones = {
    openai   = "privatelink.openai.azure.com"
    database = "privatelink.postgres.database.azure.com"
  }
}

resource "azurerm_private_dns_zone" "private" {
  for_each = local.private_zones

  name                = each.value
  resource_group_name = azurerm_resource_group.parley.name
  tags                = local.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "private" {
  for_each = local.private_zones

  name                = each.key
  private_dns_zone_id = azurerm_private_dns_zone.private[each.key].id
  virtual_network_id  = azurerm_virtual_network.parley.id
  tags                = local.tags
}
