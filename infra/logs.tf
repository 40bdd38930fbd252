# Logs hold no content: the bot writes none, and statements and prompts are not collected.

resource "azurerm_log_analytics_workspace" "parley" {
  name                         = "log-${var.name}"
  resource_group_name          = azurerm_resource_group.parley.name
  location                     = azurerm_resource_group.parley.location
  sku                          = "PerGB2018"
  retention_in_days            = var.log_retention_days
  local_authentication_enabled = false
  tags                         = local.tags
}

# Who changed what at the doors, and how many requests came. Never RequestResponse or Trace of the model.
locals {
  watched = {
    app      = { id = azurerm_linux_web_app.parley.id, logs = ["AppServiceConsoleLogs", "AppServiceHTTPLogs", "AppServiceAuditLogs"] }
    openai   = { id = azurerm_cognitive_account.openai.id, logs = ["Audit"] }
    database = { id = azurerm_postgresql_flexible_server.parley.id, logs = ["PostgreSQLLogs"] }
  }
}

resource "azurerm_monitor_diagnostic_setting" "watched" {
  for_each = local.watched

  name                       = "to-${var.name}"
  target_resource_id         = each.value.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.parley.id

  dynamic "enabled_log" {
    for_each = each.value.logs

    content {
      category = enabled_log.value
    }
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
