resource "azurerm_service_plan" "parley" {
  name                   = "asp-${var.name}"
  resource_group_name    = azurerm_resource_group.parley.name
  location               = azurerm_resource_group.parley.location
  os_type                = "Linux"
  sku_name               = var.plan_sku
  worker_count           = var.instances
  zone_balancing_enabled = var.instances > 1
  tags                   = local.tags
}

resource "azurerm_linux_web_app" "parley" {
  name                      = "app-${var.name}"
  resource_group_name       = azurerm_resource_group.parley.name
  location                  = azurerm_resource_group.parley.location
  service_plan_id           = azurerm_service_plan.parley.id
  https_only                = true
  client_affinity_enabled   = false
  virtual_network_subnet_id = azurerm_subnet.app.id

  # Teams calls from the public internet; whoever calls must bring a token that Teams signed. See README: a gateway
  # in front of a closed door is the next step.
  public_network_access_enabled = true

  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.bot.id]
  }

  site_config {
    always_on                         = true
    app_command_line                  = "python app.py"
    ftps_state                        = "Disabled"
    health_check_path                 = "/readyz"
    health_check_eviction_time_in_min = 5
    http2_enabled                     = true
    minimum_tls_version               = "1.3"
    vnet_route_all_enabled            = true
    scm_minimum_tls_version           = "1.3"
    scm_ip_restriction_default_action = "Deny"
    ip_restriction_default_action     = "Deny"

    application_stack {
      python_version = "3.11" # the version that the tests run with
    }

    ip_restriction {
      name        = "bot-service"
      priority    = 100
      action      = "Allow"
      service_tag = "AzureBotService"
    }

    # Addresses that Teams calls from, as Microsoft publishes them; the service tag alone has left bots deaf.
    ip_restriction {
      name       = "teams-1"
      priority   = 110
      action     = "Allow"
      ip_address = "52.112.0.0/14"
    }

    ip_restriction {
      name       = "teams-2"
      priority   = 120
      action     = "Allow"
      ip_address = "52.122.0.0/15"
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

  # The settings of docs/settings.md. None of them is a secret.
  app_settings = {
    PORT                           = "8000"
    SCM_DO_BUILD_DURING_DEPLOYMENT = "true"
    SSL_CERT_FILE                  = "/etc/ssl/certs/ca-certificates.crt"

    MICROSOFT_APP_ID           = var.microsoft_app_id
    MICROSOFT_APP_TENANT_ID    = var.tenant_id
    BOT_CREDENTIAL             = "federated"
    MANAGED_IDENTITY_CLIENT_ID = azurerm_user_assigned_identity.bot.client_id
    OAUTH_CONNECTION_NAME      = local.sign_in_connection
    DATABASE_URL = join("", [
      "postgresql://${azurerm_user_assigned_identity.bot.name}",
      "@${azurerm_postgresql_flexible_server.parley.fqdn}:5432/",
      "${azurerm_postgresql_flexible_server_database.parley.name}?sslmode=verify-full&sslrootcert=system",
    ])
    AZURE_OPENAI_ENDPOINTS   = azurerm_cognitive_account.openai.endpoint
    AZURE_OPENAI_DEPLOYMENTS = join(",", keys(var.openai_deployments))
    RETENTION_DAYS           = tostring(var.retention_days)
  }

  tags = local.tags
}
