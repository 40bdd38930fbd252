# What is seen from outside, and what it costs.

# Without a token the answer is 401, and 401 proves it all: name, address rules, certificate and its chain, firewall,
# app. An incomplete chain is what makes Teams fall silent without a word.
resource "azurerm_application_insights_standard_web_test" "door" {
  count = var.probe == "" ? 0 : 1

  name                    = "test-${var.place.name}-door"
  resource_group_name     = var.place.group
  location                = var.place.location
  application_insights_id = azurerm_application_insights.parley.id
  geo_locations           = ["emea-nl-ams-azr", "emea-gb-db3-azr", "us-va-ash-azr"]
  enabled                 = true
  frequency               = 300
  timeout                 = 30
  retry_enabled           = true
  tags                    = var.place.tags

  request {
    url       = var.probe
    http_verb = "POST"
    body      = base64encode("{}")

    header {
      name  = "Content-Type"
      value = "application/json"
    }

    header {
      name  = "Authorization"
      value = "Bearer none"
    }
  }

  validation_rules {
    expected_status_code        = 401
    ssl_check_enabled           = true
    ssl_cert_remaining_lifetime = 30
  }
}

resource "azurerm_monitor_metric_alert" "door" {
  count = var.probe == "" ? 0 : 1

  name                = "alert-${var.place.name}-door"
  resource_group_name = var.place.group
  description         = "The door is not reached from outside, or its certificate ends within 30 days."
  scopes              = [azurerm_application_insights_standard_web_test.door[0].id, azurerm_application_insights.parley.id]
  severity            = 1
  tags                = var.place.tags

  application_insights_web_test_location_availability_criteria {
    web_test_id           = azurerm_application_insights_standard_web_test.door[0].id
    component_id          = azurerm_application_insights.parley.id
    failed_location_count = 2
  }

  action {
    action_group_id = azurerm_monitor_action_group.people.id
  }
}

resource "azurerm_consumption_budget_subscription" "month" {
  count = var.budget == null ? 0 : 1

  name            = "budget-${var.place.name}"
  subscription_id = "/subscriptions/${var.subscription_id}"
  amount          = var.budget.amount
  time_grain      = "Monthly"

  filter {
    dimension {
      name   = "ResourceGroupName"
      values = [basename(var.group_id), basename(var.network_group_id)]
    }
  }

  time_period {
    start_date = "${var.budget.start}T00:00:00Z"
  }

  dynamic "notification" {
    for_each = { 80 = "Actual", 100 = "Actual", 110 = "Forecasted" }

    content {
      threshold      = tonumber(notification.key)
      threshold_type = notification.value
      operator       = "GreaterThanOrEqualTo"
      contact_groups = [azurerm_monitor_action_group.people.id]
    }
  }
}
