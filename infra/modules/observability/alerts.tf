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

# What the bot itself writes to its log, one JSON line an event; the names are those of bot/telemetry.py.
locals {
  events = {
    dead     = { says = "A message could not be answered and was given up.", event = "activity dead", over = 0, severity = 1 }
    model    = { says = "Model calls fail; people wait or read an apology.", event = "model call failed", over = 20, severity = 2 }
    store    = { says = "The database is away; nothing is accepted.", event = "store away", over = 0, severity = 0 }
    refused  = { says = "Requests without a valid token arrive in numbers.", event = "request refused", over = 200, severity = 2 }
    retiring = { says = "A model is about to be retired.", event = "model retires soon", over = 0, severity = 3 }
    keys     = { says = "The channel's keys cannot be fetched; soon no message is believed.", event = "channel keys not refreshed", over = 3, severity = 1 }
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "event" {
  for_each = local.events

  name                  = "alert-${var.place.name}-${each.key}"
  resource_group_name   = var.place.group
  location              = var.place.location
  description           = each.value.says
  scopes                = [local.workspace_id]
  severity              = each.value.severity
  evaluation_frequency  = "PT5M"
  window_duration       = "PT5M"
  skip_query_validation = true # the table is made by the first line that arrives
  tags                  = var.place.tags

  criteria {
    query                   = "AppServiceConsoleLogs | where tostring(parse_json(ResultDescription).event) == '${each.value.event}'"
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = each.value.over
  }

  action {
    action_groups = [azurerm_monitor_action_group.people.id]
  }
}

# Silence is the fault that nobody reports: in office hours, a quarter of an hour without a message.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "silence" {
  name                  = "alert-${var.place.name}-silence"
  resource_group_name   = var.place.group
  location              = var.place.location
  description           = "No message has been accepted for 15 minutes in office hours: certificate chain, address rules, channel."
  scopes                = [local.workspace_id]
  severity              = 1
  evaluation_frequency  = "PT15M"
  window_duration       = "PT15M"
  skip_query_validation = true
  tags                  = var.place.tags

  criteria {
    query                   = "AppServiceHTTPLogs | where CsMethod == 'POST' and ScStatus == 202 | summarize accepted = count() | where accepted == 0 and dayofweek(now()) between (1d .. 5d) and hourofday(now()) between (7 .. 16)"
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = 0
  }

  action {
    action_groups = [azurerm_monitor_action_group.people.id]
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
  scopes              = [var.group_id]
  tags                = var.place.tags

  criteria {
    category       = "Administrative"
    operation_name = each.value
  }

  action {
    action_group_id = azurerm_monitor_action_group.people.id
  }
}
