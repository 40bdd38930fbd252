# What is asked, of whom, and what the workbook becomes.
#   in this folder: terraform init && terraform test

mock_provider "azurerm" {}

variables {
  place                 = { group = "rg-parley", location = "l", name = "parley", unique = "parley-1", tags = {} }
  existing_workspace_id = "/subscriptions/0/resourceGroups/theirs/providers/Microsoft.OperationalInsights/workspaces/w"
  retention_days        = 90
  publisher_id          = "p"
  private_monitor       = false
  mail                  = ["parley@contoso.com"]
  budget                = { amount = 4000, start = "2027-01-01" }
  office_hours          = { zone = "Europe/Stockholm", from = 8, until = 17 }
  subscription_id       = "0"
  group_id              = "/subscriptions/0/resourceGroups/rg-parley"
  network_group_id      = "/subscriptions/0/resourceGroups/rg-parley-network"
  probe                 = ""
  metric_alerts         = {}
  endpoint              = { subnet_id = "s", zone_ids = ["z"] }
}

run "asks_about_this_parley_only" {
  command = plan

  assert {
    condition = alltrue([for rule in azurerm_monitor_scheduled_query_rules_alert_v2.asked :
    strcontains(rule.criteria[0].query, "contains '/subscriptions/0/resourcegroups/rg-parley/' and _ResourceId !contains '/slots/'")])
    error_message = "A workspace that the company has already holds others' logs too."
  }

  assert {
    condition     = azurerm_monitor_scheduled_query_rules_alert_v2.asked["cost"].criteria[0].threshold == 40
    error_message = "A hundredth of a month's budget in an hour is told."
  }

  assert {
    condition     = strcontains(azurerm_monitor_scheduled_query_rules_alert_v2.asked["silence"].criteria[0].query, "'Europe/Stockholm')) between (8 .. 16)")
    error_message = "Silence is a fault in the company's own office hours."
  }
}

run "the_network_is_watched_and_counted_too" {
  command = plan

  assert {
    condition     = alltrue([for alert in azurerm_monitor_activity_log_alert.change : contains(alert.scopes, var.network_group_id)])
    error_message = "Whoever blinds the firewall or gives a role on the network is told of."
  }

  assert {
    condition     = toset(one(one(azurerm_consumption_budget_subscription.month[0].filter).dimension).values) == toset(["rg-parley", "rg-parley-network"])
    error_message = "The firewall, the dearest of all, is in the network's group."
  }
}

run "the_workbook_is_filled_in" {
  command = plan

  assert {
    condition = alltrue([for item in jsondecode(azurerm_application_insights_workbook.parley.data_json).items :
    item.content.crossComponentResources == [var.existing_workspace_id] if item.type == 3])
    error_message = "Every panel asks the workspace."
  }

  assert {
    condition     = strcontains(azurerm_application_insights_workbook.parley.data_json, "/resourcegroups/rg-parley/") && !can(regex("[$]", azurerm_application_insights_workbook.parley.data_json))
    error_message = "Every panel asks about this resource group."
  }
}

run "without_a_budget_no_cost_is_watched" {
  command = plan

  variables {
    budget = null
  }

  assert {
    condition     = !contains(keys(azurerm_monitor_scheduled_query_rules_alert_v2.asked), "cost") && length(azurerm_consumption_budget_subscription.month) == 0
    error_message = "There is nothing to measure it by."
  }
}
