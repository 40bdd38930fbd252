# What is asked of the logs and of the bot's own figures, every few minutes. A workspace may hold others': each question begins
# with its table, and what follows is narrowed to this resource group and to what serves, without the staging slot.

locals {
  ours = "where _ResourceId contains '${lower(var.group_id)}/' and _ResourceId !contains '/slots/'"
  here = "datetime_utc_to_local(now(), '${var.office_hours.zone}')"
  # Of the quarter of an hour that is asked about, both ends: nobody had to write before the hours begin.
  open = "dayofweek(${local.here}) between (1d .. 5d) and hourofday(${local.here}) between (${var.office_hours.from} .. ${var.office_hours.until - 1}) and hourofday(${local.here} - 15m) >= ${var.office_hours.from}"

  # Lines of the bot's log, one JSON line an event; the names are those of bot/telemetry.py.
  events = {
    model    = { says = "Model calls fail; people wait or read an apology.", event = "model call failed", over = 20, severity = 2 }
    store    = { says = "The database is away; nothing is accepted.", event = "store away", over = 0, severity = 0 }
    refused  = { says = "Requests without a valid token arrive in numbers.", event = "request refused", over = 200, severity = 2 }
    retiring = { says = "A model is about to be retired.", event = "model retires soon", over = 0, severity = 3 }
    keys     = { says = "The channel's keys cannot be fetched; soon no message is believed.", event = "channel keys not refreshed", over = 3, severity = 1 }
  }

  asked_of_log = { for key, each in local.events : key => {
    says     = each.says
    severity = each.severity
    window   = "PT5M"
    over     = each.over
    table    = "AppServiceConsoleLogs"
    query    = "where tostring(parse_json(ResultDescription).event) == '${each.event}' | summarize value = count()"
  } }

  # What the bot counts itself. Of a gauge there is one row a minute and process: Sum / ItemCount.
  asked_of_figures = {
    dead = {
      says     = "A message could not be answered and was given up."
      severity = 1
      window   = "PT5M"
      over     = 0
      table    = "AppMetrics"
      query    = "where Name == 'parley.activities.dead' | summarize value = sum(Sum)"
    }

    waiting = {
      says     = "Somebody has waited for longer than a minute."
      severity = 1
      window   = "PT5M"
      over     = 60
      table    = "AppMetrics"
      query    = "where Name == 'parley.lane.age' | summarize value = max(Sum / ItemCount)"
    }

    unanswered = {
      says     = "Messages are accepted and none is answered."
      severity = 1
      window   = "PT15M"
      over     = 4
      table    = "AppMetrics"
      query    = "where Name startswith 'parley.activities.' | summarize accepted = sumif(Sum, Name endswith '.accepted'), answered = sumif(Sum, Name endswith '.answered') | where answered == 0 | project value = accepted"
    }

    breaker = {
      says     = "A model is set aside because it fails; the others answer for it."
      severity = 2
      window   = "PT5M"
      over     = 0
      table    = "AppMetrics"
      query    = "where Name == 'parley.breakers.open' | summarize value = max(Sum / ItemCount)"
    }

    throttled = {
      says     = "Teams, Graph or the models tell the bot to wait (429)."
      severity = 2
      window   = "PT15M"
      over     = 50
      table    = "AppMetrics"
      query    = "where Name == 'parley.throttled' | summarize value = sum(Sum)"
    }

    filtered = {
      says     = "The content filter stops unusually much: somebody may be trying."
      severity = 2
      window   = "PT1H"
      over     = 20
      table    = "AppMetrics"
      query    = "where Name == 'parley.filtered' | summarize value = sum(Sum)"
    }

    blind = {
      says     = "The bot's own figures do not arrive, so every alert on them is blind."
      severity = 2
      window   = "PT15M"
      over     = 0
      table    = "AppMetrics"
      query    = "where Name startswith 'parley.' | summarize rows = count() | project value = iff(rows == 0, 1, 0)"
    }

    # A hundredth of the month's budget in one hour is seven times the even pace. The bot counts in its price list's currency.
    cost = {
      says     = "The models cost more than a hundredth of the month's budget in an hour."
      severity = 2
      window   = "PT1H"
      over     = try(var.budget.amount / 100, 0)
      table    = "AppMetrics"
      query    = "where Name == 'parley.cost' | summarize value = sum(Sum)"
    }
  }

  asked_of_door = {
    # Silence is the fault that nobody reports.
    silence = {
      says     = "No message has been accepted for 15 minutes in office hours: certificate chain, address rules, channel."
      severity = 1
      window   = "PT15M"
      over     = 0
      table    = "AppServiceHTTPLogs"
      query    = "where CsMethod == 'POST' and ScStatus == 202 | summarize accepted = count() | project value = iff(accepted == 0 and ${local.open}, 1, 0)"
    }

    slow = {
      says     = "One message in a hundred waits longer than a second to be acknowledged; Teams sends again after 15."
      severity = 2
      window   = "PT15M"
      over     = 1000
      table    = "AppServiceHTTPLogs"
      query    = "where CsMethod == 'POST' and CsUriStem == '/api/messages' | summarize value = percentile(TimeTaken, 99), messages = count() | where messages >= 20"
    }

    # By the log: the metrics of what was blocked are those of the gateway's first generation.
    blocked = {
      says     = "The gateway refuses many requests: an attack, or its rules eat messages."
      severity = 2
      window   = "PT5M"
      over     = 100
      table    = "AzureDiagnostics"
      query    = "where Category == 'ApplicationGatewayFirewallLog' and action_s == 'Blocked' | summarize value = count()"
    }
  }

  asked = merge(local.asked_of_log, local.asked_of_figures, local.asked_of_door)
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "asked" {
  for_each = { for key, each in local.asked : key => each if key != "cost" || var.budget != null }

  name                    = "alert-${var.place.name}-${each.key}"
  resource_group_name     = var.place.group
  location                = var.place.location
  description             = each.value.says
  scopes                  = [local.workspace_id]
  severity                = each.value.severity
  evaluation_frequency    = "PT5M"
  window_duration         = each.value.window
  auto_mitigation_enabled = true
  skip_query_validation   = true # a table is made by the first line that arrives
  tags                    = var.place.tags

  criteria {
    query                   = "${each.value.table} | ${local.ours} | ${each.value.query}"
    time_aggregation_method = "Maximum"
    metric_measure_column   = "value"
    operator                = "GreaterThan"
    threshold               = each.value.over
  }

  action {
    action_groups = [azurerm_monitor_action_group.people.id]
  }
}
