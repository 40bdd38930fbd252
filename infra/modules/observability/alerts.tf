# Who is told of what. Each alert names a runbook's beginning in its own words, because it is read at night.

resource "azurerm_monitor_action_group" "people" {
  name                = "ag-${var.place.name}"
  resource_group_name = var.place.group
  short_name          = substr(var.place.name, 0, 12)
  tags                = var.place.tags

  dynamic "email_receiver" {
    for_each = var.mail

    content {
      name                    = "mail-${email_receiver.key}"
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }
}

resource "azurerm_monitor_metric_alert" "figure" {
  for_each = var.metric_alerts

  name                = "alert-${var.place.name}-${each.key}"
  resource_group_name = var.place.group
  description         = each.value.says
  scopes              = [each.value.scope]
  severity            = each.value.severity
  frequency           = "PT1M"
  window_size         = "PT5M"
  tags                = var.place.tags

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.how
    operator         = each.value.operator
    threshold        = each.value.threshold
  }

  action {
    action_group_id = azurerm_monitor_action_group.people.id
  }
}

# Changes that would open what is closed, or blind what watches.
resource "azurerm_monitor_activity_log_alert" "change" {
  for_each = {
    role       = "Microsoft.Authorization/roleAssignments/write"
    blindness  = "Microsoft.Insights/diagnosticSettings/delete"
    lock       = "Microsoft.Authorization/locks/delete"
    vault      = "Microsoft.KeyVault/vaults/delete"
    deployment = "Microsoft.CognitiveServices/accounts/deployments/write"
  }

  name                = "alert-${var.place.name}-${each.key}"
  resource_group_name = var.place.group
  location            = "global"
  description         = "Somebody did ${each.value}. Was it asked for?"
  scopes              = [var.group_id, var.network_group_id]
  tags                = var.place.tags

  criteria {
    category       = "Administrative"
    operation_name = each.value
  }

  action {
    action_group_id = azurerm_monitor_action_group.people.id
  }
}
