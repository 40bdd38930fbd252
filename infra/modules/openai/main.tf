# One account of Azure OpenAI: no key, no public door, nothing that it could send elsewhere.

resource "azurerm_cognitive_account" "openai" {
  # checkov:skip=CKV2_AZURE_22:The company's own key is the option customer_managed_keys.
  # checkov:skip=CKV_AZURE_247:No host at all is allowed outward, which is narrower than the list the check looks for.
  name                = "oai-${var.place.unique}-${var.region}"
  resource_group_name = var.place.group
  location            = var.region
  kind                = "OpenAI"
  sku_name            = "S0"

  # Entra sign-in and the private endpoint need a name of its own; the endpoint's zone group writes this very name.
  custom_subdomain_name              = "oai-${var.place.unique}-${var.region}"
  local_auth_enabled                 = false
  public_network_access_enabled      = false
  outbound_network_access_restricted = true

  network_acls {
    default_action = "Deny"
    bypass         = "None"
  }

  identity {
    type         = var.cmk == null ? "SystemAssigned" : "SystemAssigned, UserAssigned"
    identity_ids = var.cmk == null ? null : [var.cmk.identity]
  }

  dynamic "customer_managed_key" {
    for_each = var.cmk[*]

    content {
      key_vault_key_id   = customer_managed_key.value.key_id
      identity_client_id = customer_managed_key.value.client_id
    }
  }

  tags = var.place.tags
}

resource "azurerm_cognitive_deployment" "model" {
  for_each = var.deployments

  name                   = each.key
  cognitive_account_id   = azurerm_cognitive_account.openai.id
  version_upgrade_option = "NoAutoUpgrade"
  rai_policy_name        = azurerm_cognitive_account_rai_policy.parley.name

  model {
    format  = "OpenAI"
    name    = each.value.model
    version = each.value.version
  }

  sku {
    name     = each.value.sku
    capacity = each.value.capacity
  }

  lifecycle {
    precondition {
      condition     = timecmp(plantimestamp(), "${each.value.retires}T00:00:00Z") < 0
      error_message = "Model ${each.value.model} ${each.value.version} of deployment ${each.key} was retired on ${each.value.retires}: name its successor."
    }
  }
}

# A warning two months ahead, with every plan. It stops nothing.
check "retirement" {
  assert {
    condition = alltrue([
      for deployment in var.deployments : timecmp(timeadd(plantimestamp(), "1440h"), "${deployment.retires}T00:00:00Z") < 0
    ])
    error_message = "A model is retired within 60 days: ${join(", ", [for name, deployment in var.deployments : "${name} on ${deployment.retires}"])}."
  }
}

# May call the models; may not change deployments or read keys.
resource "azurerm_role_assignment" "bot_calls_models" {
  scope                = azurerm_cognitive_account.openai.id
  role_definition_name = "Cognitive Services OpenAI User"
  principal_id         = var.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_private_endpoint" "openai" {
  name                = "pe-${var.place.name}-openai-${var.region}"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "openai"
    private_connection_resource_id = azurerm_cognitive_account.openai.id
    subresource_names              = ["account"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "openai"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}

# Who called, how often and with what result. Never "RequestResponse" or "Trace": they may hold what people wrote.
resource "azurerm_monitor_diagnostic_setting" "openai" {
  name                       = "to-logs"
  target_resource_id         = azurerm_cognitive_account.openai.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "Audit"
  }

  enabled_log {
    category = "AzureOpenAIRequestUsage"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
