resource "azurerm_service_plan" "parley" {
  name                       = "asp-${var.place.name}"
  resource_group_name        = var.place.group
  location                   = var.place.location
  os_type                    = "Linux"
  sku_name                   = var.plan.sku
  worker_count               = var.plan.least
  zone_balancing_enabled     = var.plan.zone_redundant
  app_service_environment_id = var.plan.environment_id
  tags                       = var.place.tags

  lifecycle {
    ignore_changes = [worker_count] # the autoscale setting's from the first minute on
  }
}

resource "azurerm_linux_web_app" "parley" {
  # checkov:skip=CKV_AZURE_13:App Service's own sign-in would refuse Teams; the app verifies the token of every request itself.
  # checkov:skip=CKV_AZURE_17:Teams brings a signed token and has no client certificate.
  # checkov:skip=CKV_AZURE_63:Requests are logged by the diagnostic setting, not into files.
  # checkov:skip=CKV_AZURE_65:Detailed errors would keep what people sent.
  # checkov:skip=CKV_AZURE_66:Traces of failed requests would keep what people sent.
  # checkov:skip=CKV_AZURE_88:The app keeps no files; everything it keeps is in the database.
  name                          = "app-${var.place.unique}"
  resource_group_name           = var.place.group
  location                      = var.place.location
  service_plan_id               = azurerm_service_plan.parley.id
  https_only                    = true
  client_affinity_enabled       = false
  virtual_network_subnet_id     = var.subnet_id
  public_network_access_enabled = var.public

  end_to_end_tls_encryption_enabled = true

  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false

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
    minimum_tls_version               = "1.2" # the gateway speaks no newer one with what is behind it
    vnet_route_all_enabled            = true
    scm_minimum_tls_version           = "1.3"
    scm_ip_restriction_default_action = "Deny"
    ip_restriction_default_action     = "Deny"

    application_stack {
      python_version = "3.11" # the version that the tests run with
    }

    dynamic "ip_restriction" {
      for_each = local.admitted

      content {
        name        = "from-${ip_restriction.key}"
        priority    = 100 + ip_restriction.key
        action      = "Allow"
        service_tag = ip_restriction.value.tag
        ip_address  = ip_restriction.value.prefix
      }
    }

    dynamic "scm_ip_restriction" {
      for_each = var.deployment_addresses

      content {
        name       = "deployment-${scm_ip_restriction.key}"
        priority   = 100 + scm_ip_restriction.key
        action     = "Allow"
        ip_address = scm_ip_restriction.value
      }
    }
  }

  app_settings = merge(local.platform, var.settings)

  sticky_settings {
    app_setting_names = keys(var.staging_settings)
  }

  tags = var.place.tags
}

locals {
  # What the package brought along is found before anything else.
  start = "PYTHONPATH=.python_packages/lib/site-packages python app.py"

  platform = {
    SCM_DO_BUILD_DURING_DEPLOYMENT = tostring(var.builds)
    SSL_CERT_FILE                  = "/etc/ssl/certs/ca-certificates.crt"

    # Slots are swapped when the new code says that it is ready; by default any answer would do, a 404 too.
    WEBSITE_SWAP_WARMUP_PING_PATH     = "/readyz"
    WEBSITE_SWAP_WARMUP_PING_STATUSES = "200"
  }

  admitted = var.public ? concat(
    [for tag in var.sources.tags : { tag = tag, prefix = null }],
    [for prefix in var.sources.prefixes : { tag = null, prefix = prefix }],
  ) : []
}

# On the app and its slots alone, and only for the pipeline that somebody approved.
resource "azurerm_role_assignment" "pipeline_deploys" {
  count = var.deployer == null ? 0 : 1

  scope                = azurerm_linux_web_app.parley.id
  role_definition_name = "Website Contributor"
  principal_id         = var.deployer.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_private_endpoint" "app" {
  name                = "pe-${var.place.name}-app"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "app"
    private_connection_resource_id = azurerm_linux_web_app.parley.id
    subresource_names              = ["sites"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "app"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}

resource "azurerm_monitor_diagnostic_setting" "app" {
  name                       = "to-logs"
  target_resource_id         = azurerm_linux_web_app.parley.id
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

resource "azurerm_monitor_diagnostic_setting" "plan" {
  name                       = "to-logs"
  target_resource_id         = azurerm_service_plan.parley.id
  log_analytics_workspace_id = var.workspace_id

  enabled_metric {
    category = "AllMetrics"
  }
}

locals {
  logs = [
    "AppServiceHTTPLogs",
    "AppServiceConsoleLogs",
    "AppServiceAppLogs",
    "AppServicePlatformLogs",
    "AppServiceAuditLogs",
    "AppServiceIPSecAuditLogs",
  ]
}
