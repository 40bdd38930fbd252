# One virtual network; each subnet has its own rules. The endpoints' subnet answers, and never calls.

resource "azurerm_virtual_network" "parley" {
  name                = "vnet-${var.place.name}"
  resource_group_name = var.place.group
  location            = var.place.location
  address_space       = [var.address_space]
  tags                = var.place.tags
}

resource "azurerm_subnet" "gateway" {
  # checkov:skip=CKV2_AZURE_31:Its group is attached below by for_each, which the check does not follow; tests/package looks.
  name                            = "gateway"
  resource_group_name             = var.place.group
  virtual_network_name            = azurerm_virtual_network.parley.name
  address_prefixes                = [cidrsubnet(var.address_space, 3, 0)]
  default_outbound_access_enabled = false
}

resource "azurerm_subnet" "app" {
  # checkov:skip=CKV2_AZURE_31:Its group is attached below by for_each, which the check does not follow; tests/package looks.
  name                            = "app"
  resource_group_name             = var.place.group
  virtual_network_name            = azurerm_virtual_network.parley.name
  address_prefixes                = [cidrsubnet(var.address_space, 3, 1)]
  default_outbound_access_enabled = false

  delegation {
    name = "app-service"

    service_delegation {
      name    = "Microsoft.Web/serverFarms"
      actions = ["Microsoft.Network/virtualNetworks/subnets/action"]
    }
  }
}

resource "azurerm_subnet" "endpoints" {
  # checkov:skip=CKV2_AZURE_31:Its group is attached below by for_each, which the check does not follow; tests/package looks.
  name                              = "endpoints"
  resource_group_name               = var.place.group
  virtual_network_name              = azurerm_virtual_network.parley.name
  address_prefixes                  = [cidrsubnet(var.address_space, 3, 2)]
  default_outbound_access_enabled   = false
  private_endpoint_network_policies = "Enabled"
}

# Azure gives this subnet its name and admits no security group on it: the firewall is its own guard.
resource "azurerm_subnet" "firewall" {
  count = var.firewall ? 1 : 0

  name                            = "AzureFirewallSubnet"
  resource_group_name             = var.place.group
  virtual_network_name            = azurerm_virtual_network.parley.name
  address_prefixes                = [cidrsubnet(var.address_space, 3, 3)]
  default_outbound_access_enabled = false
}

resource "azurerm_subnet" "bastion" {
  # checkov:skip=CKV2_AZURE_31:Its group is attached below by for_each, which the check does not follow; tests/package looks.
  count = var.admin ? 1 : 0

  name                            = "AzureBastionSubnet"
  resource_group_name             = var.place.group
  virtual_network_name            = azurerm_virtual_network.parley.name
  address_prefixes                = [cidrsubnet(var.address_space, 3, 4)]
  default_outbound_access_enabled = false
}

resource "azurerm_subnet" "admin" {
  # checkov:skip=CKV2_AZURE_31:Its group is attached below by for_each, which the check does not follow; tests/package looks.
  count = var.admin ? 1 : 0

  name                            = "admin"
  resource_group_name             = var.place.group
  virtual_network_name            = azurerm_virtual_network.parley.name
  address_prefixes                = [cidrsubnet(var.address_space, 3, 5)]
  default_outbound_access_enabled = false
}

resource "azurerm_network_security_group" "guard" {
  for_each = local.guarded

  name                = "nsg-${var.place.name}-${each.key}"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags
}

resource "azurerm_subnet_network_security_group_association" "guard" {
  for_each = local.guarded

  subnet_id                 = each.value
  network_security_group_id = azurerm_network_security_group.guard[each.key].id
}

locals {
  guarded = merge(
    {
      gateway   = azurerm_subnet.gateway.id
      app       = azurerm_subnet.app.id
      endpoints = azurerm_subnet.endpoints.id
    },
    var.admin ? { bastion = one(azurerm_subnet.bastion[*].id), admin = one(azurerm_subnet.admin[*].id) } : {},
  )
}

resource "azurerm_monitor_diagnostic_setting" "network" {
  name                       = "to-logs"
  target_resource_id         = azurerm_virtual_network.parley.id
  log_analytics_workspace_id = var.workspace_id

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "guard" {
  for_each = local.guarded

  name                       = "to-logs"
  target_resource_id         = azurerm_network_security_group.guard[each.key].id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }
}
