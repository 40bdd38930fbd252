# One address outward that others can name, where no firewall narrows the way out. A subnet that calls out and is not
# named here has no way at all, because Azure's own is off.

resource "azurerm_public_ip" "nat" {
  count = var.nat ? 1 : 0

  name                = "pip-${var.place.name}-nat"
  resource_group_name = var.place.group
  location            = var.place.location
  allocation_method   = "Static"
  sku                 = "Standard"
  tags                = var.place.tags
}

resource "azurerm_nat_gateway" "out" {
  count = var.nat ? 1 : 0

  name                = "ng-${var.place.name}"
  resource_group_name = var.place.group
  location            = var.place.location
  sku_name            = "Standard"
  tags                = var.place.tags
}

resource "azurerm_nat_gateway_public_ip_association" "out" {
  count = var.nat ? 1 : 0

  nat_gateway_id       = azurerm_nat_gateway.out[0].id
  public_ip_address_id = azurerm_public_ip.nat[0].id
}

resource "azurerm_subnet_nat_gateway_association" "out" {
  for_each = var.nat ? local.calling : {}

  subnet_id      = each.value
  nat_gateway_id = azurerm_nat_gateway.out[0].id
}

locals {
  calling = merge({ app = azurerm_subnet.app.id }, var.admin ? { admin = one(azurerm_subnet.admin[*].id) } : {})
}

resource "azurerm_monitor_diagnostic_setting" "nat" {
  count = var.nat ? 1 : 0

  name                       = "to-logs"
  target_resource_id         = azurerm_public_ip.nat[0].id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
