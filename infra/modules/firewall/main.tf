# The way out. A text that talks the model into sending something somewhere finds no way there.

resource "azurerm_public_ip" "out" {
  name                = "pip-${var.place.name}-out"
  resource_group_name = var.place.group
  location            = var.place.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = var.zones
  tags                = var.place.tags
}

resource "azurerm_firewall" "out" {
  # checkov:skip=CKV_AZURE_216:Set in the policy; a firewall with a policy may not set it itself.
  name                = "afw-${var.place.name}"
  resource_group_name = var.place.group
  location            = var.place.location
  sku_name            = "AZFW_VNet"
  sku_tier            = local.tier
  zones               = var.zones
  firewall_policy_id  = azurerm_firewall_policy.out.id
  tags                = var.place.tags

  ip_configuration {
    name                 = "out"
    subnet_id            = var.subnet_id
    public_ip_address_id = azurerm_public_ip.out.id
  }
}

locals {
  tier = var.premium ? "Premium" : "Standard"
}

resource "azurerm_firewall_policy" "out" {
  # checkov:skip=CKV_AZURE_220:Only Premium can; firewall_premium = true turns it on, and Deny is what it is then.
  name                     = "afwp-${var.place.name}"
  resource_group_name      = var.place.group
  location                 = var.place.location
  sku                      = local.tier
  threat_intelligence_mode = "Deny"
  tags                     = var.place.tags

  dynamic "intrusion_detection" {
    for_each = var.premium ? ["Deny"] : []

    content {
      mode = intrusion_detection.value
    }
  }
}

resource "azurerm_firewall_policy_rule_collection_group" "out" {
  name               = "named-hosts"
  firewall_policy_id = azurerm_firewall_policy.out.id
  priority           = 100

  application_rule_collection {
    name     = "named-hosts"
    priority = 100
    action   = "Allow"

    dynamic "rule" {
      for_each = var.hosts

      content {
        name              = replace(replace(rule.key, "*", "any"), ".", "-")
        description       = rule.value.why
        source_addresses  = rule.value.sources
        destination_fqdns = [rule.key]

        protocols {
          type = "Https"
          port = 443
        }
      }
    }
  }
}

resource "azurerm_route_table" "out" {
  name                          = "rt-${var.place.name}"
  resource_group_name           = var.place.group
  location                      = var.place.location
  bgp_route_propagation_enabled = false
  tags                          = var.place.tags
}

resource "azurerm_route" "out" {
  name                   = "everything"
  resource_group_name    = var.place.group
  route_table_name       = azurerm_route_table.out.name
  address_prefix         = "0.0.0.0/0"
  next_hop_type          = "VirtualAppliance"
  next_hop_in_ip_address = azurerm_firewall.out.ip_configuration[0].private_ip_address
}

resource "azurerm_subnet_route_table_association" "guarded" {
  for_each = var.guarded

  subnet_id      = each.value
  route_table_id = azurerm_route_table.out.id
}

resource "azurerm_monitor_diagnostic_setting" "out" {
  name                       = "to-logs"
  target_resource_id         = azurerm_firewall.out.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "address" {
  name                       = "to-logs"
  target_resource_id         = azurerm_public_ip.out.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
