# Where new code is tried before it serves: beside what serves, as the same identity, on a database of its own, so that
# it cannot take anybody's message out of the queue.

resource "azurerm_linux_web_app_slot" "staging" {
  name                          = "staging"
  app_service_id                = azurerm_linux_web_app.parley.id
  https_only                    = true
  client_affinity_enabled       = false
  virtual_network_subnet_id     = var.subnet_id
  public_network_access_enabled = false

  end_to_end_tls_encryption_enabled = true

  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false

  # Identities are not swapped: a slot without one of its own would start without any rights.
  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity_id]
  }

  site_config {
    always_on                         = true
    app_command_line                  = local.start
    ftps_state                        = "Disabled"
    health_check_path                 = "/readyz"
    health_check_eviction_time_in_min = 5
    http2_enabled                     = true
    minimum_tls_version               = "1.2"
    vnet_route_all_enabled            = true
    scm_minimum_tls_version           = "1.3"
    scm_ip_restriction_default_action = "Deny"
    ip_restriction_default_action     = "Deny"

    application_stack {
      python_version = "3.11"
    }
  }

  app_settings = merge(local.platform, var.settings, var.staging_settings)
  tags         = var.place.tags
}

# The slot's own endpoint: the app's leads to the app alone, and so does its name for deployments.
resource "azurerm_private_endpoint" "staging" {
  name                = "pe-${var.place.name}-app-staging"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "staging"
    private_connection_resource_id = azurerm_linux_web_app.parley.id
    subresource_names              = ["sites-${azurerm_linux_web_app_slot.staging.name}"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "staging"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}

resource "azurerm_monitor_diagnostic_setting" "staging" {
  name                       = "to-logs"
  target_resource_id         = azurerm_linux_web_app_slot.staging.id
  log_analytics_workspace_id = var.workspace_id

  dynamic "enabled_log" {
    for_each = local.logs

    content {
      category = enabled_log.value
    }
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
