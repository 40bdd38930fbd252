# Who may talk to whom. What no rule allows is denied by the last rule of each subnet and direction, not by Azure's
# defaults, which let the whole virtual network and the whole internet through. Only the gateway's way out has no such rule:
# Azure wants it open.

locals {
  rules = merge(local.rules_of_gateway, local.rules_of_tags, local.rules_of_app, local.rules_of_endpoints, var.admin ? local.rules_of_admin : {})

  rules_of_gateway = {
    gateway-in-teams    = { guard = "gateway", direction = "Inbound", access = "Allow", priority = 100, port = "443", from = var.gateway_sources.prefixes, to = "*" }
    gateway-in-control  = { guard = "gateway", direction = "Inbound", access = "Allow", priority = 200, port = "65200-65535", from = ["GatewayManager"], to = "*" }
    gateway-in-probe    = { guard = "gateway", direction = "Inbound", access = "Allow", priority = 210, port = "*", from = ["AzureLoadBalancer"], to = "*" }
    gateway-in-nothing  = { guard = "gateway", direction = "Inbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
    gateway-out-app     = { guard = "gateway", direction = "Outbound", access = "Allow", priority = 100, port = "443", from = ["*"], to = "VirtualNetwork" }
    gateway-out-control = { guard = "gateway", direction = "Outbound", access = "Allow", priority = 200, port = "*", from = ["*"], to = "Internet" }
  }

  # A rule takes many address ranges, but only one service tag.
  rules_of_tags = { for place, tag in var.gateway_sources.tags : "gateway-in-${lower(tag)}" => {
    guard = "gateway", direction = "Inbound", access = "Allow", priority = 110 + place, port = "443", from = [tag], to = "*"
  } }

  # Ports 443 and 5432 to the private endpoints; 443 to the rest, which the firewall's route narrows to named hosts.
  rules_of_app = {
    app-in-nothing   = { guard = "app", direction = "Inbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
    app-out-services = { guard = "app", direction = "Outbound", access = "Allow", priority = 100, port = "443", from = ["*"], to = "VirtualNetwork" }
    app-out-database = { guard = "app", direction = "Outbound", access = "Allow", priority = 110, port = "5432", from = ["*"], to = "VirtualNetwork" }
    app-out-hosts    = { guard = "app", direction = "Outbound", access = "Allow", priority = 120, port = "443", from = ["*"], to = "Internet" }
    app-out-nothing  = { guard = "app", direction = "Outbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
  }

  rules_of_endpoints = {
    endpoints-in-services = { guard = "endpoints", direction = "Inbound", access = "Allow", priority = 100, port = "443", from = ["VirtualNetwork"], to = "*" }
    endpoints-in-database = { guard = "endpoints", direction = "Inbound", access = "Allow", priority = 110, port = "5432", from = ["VirtualNetwork"], to = "*" }
    endpoints-in-nothing  = { guard = "endpoints", direction = "Inbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
    endpoints-out-nothing = { guard = "endpoints", direction = "Outbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
  }

  # The bastion's own list is the one that Azure demands; the machine behind it is reached by the bastion alone.
  rules_of_admin = {
    bastion-in-people   = { guard = "bastion", direction = "Inbound", access = "Allow", priority = 100, port = "443", from = ["Internet"], to = "*" }
    bastion-in-control  = { guard = "bastion", direction = "Inbound", access = "Allow", priority = 110, port = "443", from = ["GatewayManager"], to = "*" }
    bastion-in-probe    = { guard = "bastion", direction = "Inbound", access = "Allow", priority = 120, port = "443", from = ["AzureLoadBalancer"], to = "*" }
    bastion-in-itself   = { guard = "bastion", direction = "Inbound", access = "Allow", priority = 130, port = "5701", from = ["VirtualNetwork"], to = "VirtualNetwork" }
    bastion-in-itself-2 = { guard = "bastion", direction = "Inbound", access = "Allow", priority = 131, port = "8080", from = ["VirtualNetwork"], to = "VirtualNetwork" }
    bastion-in-nothing  = { guard = "bastion", direction = "Inbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
    bastion-out-machine = { guard = "bastion", direction = "Outbound", access = "Allow", priority = 100, port = "22", from = ["*"], to = "VirtualNetwork" }
    bastion-out-azure   = { guard = "bastion", direction = "Outbound", access = "Allow", priority = 110, port = "443", from = ["*"], to = "AzureCloud" }
    bastion-out-itself  = { guard = "bastion", direction = "Outbound", access = "Allow", priority = 130, port = "5701", from = ["VirtualNetwork"], to = "VirtualNetwork" }
    bastion-out-itself2 = { guard = "bastion", direction = "Outbound", access = "Allow", priority = 131, port = "8080", from = ["VirtualNetwork"], to = "VirtualNetwork" }
    bastion-out-nothing = { guard = "bastion", direction = "Outbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
    admin-in-bastion    = { guard = "admin", direction = "Inbound", access = "Allow", priority = 100, port = "22", from = [cidrsubnet(var.address_space, 3, 4)], to = "*" }
    admin-in-nothing    = { guard = "admin", direction = "Inbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
    admin-out-services  = { guard = "admin", direction = "Outbound", access = "Allow", priority = 100, port = "443", from = ["*"], to = "VirtualNetwork" }
    admin-out-database  = { guard = "admin", direction = "Outbound", access = "Allow", priority = 110, port = "5432", from = ["*"], to = "VirtualNetwork" }
    admin-out-hosts     = { guard = "admin", direction = "Outbound", access = "Allow", priority = 120, port = "443", from = ["*"], to = "Internet" }
    admin-out-nothing   = { guard = "admin", direction = "Outbound", access = "Deny", priority = 4096, port = "*", from = ["*"], to = "*" }
  }
}

resource "azurerm_network_security_rule" "rule" {
  for_each = local.rules

  name                        = each.key
  resource_group_name         = var.place.group
  network_security_group_name = azurerm_network_security_group.guard[each.value.guard].name
  direction                   = each.value.direction
  access                      = each.value.access
  priority                    = each.value.priority
  protocol                    = each.value.access == "Deny" || each.value.port == "*" ? "*" : "Tcp"
  source_port_range           = "*"
  source_address_prefix       = length(each.value.from) == 1 ? each.value.from[0] : null
  source_address_prefixes     = length(each.value.from) == 1 ? null : each.value.from
  destination_address_prefix  = each.value.to
  destination_port_range      = each.value.port
}
