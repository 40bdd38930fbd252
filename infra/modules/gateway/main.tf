# The only public name: POST /api/messages on 443.

resource "azurerm_public_ip" "gateway" {
  name                = "pip-${var.place.name}-gateway"
  resource_group_name = var.place.group
  location            = var.place.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = var.zones
  tags                = var.place.tags
}

resource "azurerm_application_gateway" "door" {
  name                = "agw-${var.place.name}"
  resource_group_name = var.place.group
  location            = var.place.location
  zones               = var.zones
  http2_enabled       = true
  firewall_policy_id  = azurerm_web_application_firewall_policy.door.id

  force_firewall_policy_association = true

  sku {
    name = "WAF_v2"
    tier = "WAF_v2"
  }

  autoscale_configuration {
    min_capacity = var.capacity.least
    max_capacity = var.capacity.most
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity_id]
  }

  gateway_ip_configuration {
    name      = "subnet"
    subnet_id = var.subnet_id
  }

  frontend_ip_configuration {
    name                 = "public"
    public_ip_address_id = azurerm_public_ip.gateway.id
  }

  # No port 80, not even to redirect: whoever calls has the https address from the registration.
  frontend_port {
    name = "https"
    port = 443
  }

  ssl_certificate {
    name                = "door"
    key_vault_secret_id = var.certificate
  }

  # TLS 1.2 with forward secrecy and an authenticated cipher, and 1.3; the newest list that Azure keeps itself.
  ssl_policy {
    policy_type = "Predefined"
    policy_name = "AppGwSslPolicy20220101S"
  }

  http_listener {
    name                           = "door"
    frontend_ip_configuration_name = "public"
    frontend_port_name             = "https"
    protocol                       = "Https"
    host_name                      = var.hostname
    ssl_certificate_name           = "door"
  }

  backend_address_pool {
    name  = "app"
    fqdns = [var.backend]
  }

  backend_http_settings {
    name                  = "app"
    port                  = 443
    protocol              = "Https"
    cookie_based_affinity = "Disabled"
    host_name             = var.backend
    request_timeout       = 30 # the channel itself waits 15 s
    probe_name            = "alive"

    connection_draining {
      enabled           = true
      drain_timeout_sec = 30
    }
  }

  probe {
    name                = "alive"
    protocol            = "Https"
    host                = var.backend
    path                = "/healthz"
    interval            = 15
    timeout             = 10
    unhealthy_threshold = 3

    match {
      status_code = ["200"]
    }
  }

  request_routing_rule {
    name                       = "door"
    rule_type                  = "Basic"
    priority                   = 100
    http_listener_name         = "door"
    backend_address_pool_name  = "app"
    backend_http_settings_name = "app"
  }

  tags = var.place.tags
}

resource "azurerm_monitor_diagnostic_setting" "gateway" {
  name                       = "to-logs"
  target_resource_id         = azurerm_application_gateway.door.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "ApplicationGatewayAccessLog"
  }

  enabled_log {
    category = "ApplicationGatewayFirewallLog"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "address" {
  name                       = "to-logs"
  target_resource_id         = azurerm_public_ip.gateway.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
