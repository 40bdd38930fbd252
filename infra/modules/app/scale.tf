# Quickly more, slowly fewer: a process that goes hands its lanes to the others, which costs a moment each time. More as soon as
# one of two says so, fewer only where both do: the processors, and how long the oldest message that nobody has answered waits.
# Waiting for a model leaves the processors idle, so they alone would never see the longest queue.

resource "azurerm_monitor_autoscale_setting" "plan" {
  name                = "scale-${var.place.name}"
  resource_group_name = var.place.group
  location            = var.place.location
  target_resource_id  = azurerm_service_plan.parley.id
  tags                = var.place.tags

  profile {
    name = "by-work"

    capacity {
      default = var.plan.least
      minimum = var.plan.least
      maximum = var.plan.most
    }

    rule {
      metric_trigger {
        metric_name        = "CpuPercentage"
        metric_resource_id = azurerm_service_plan.parley.id
        time_grain         = "PT1M"
        statistic          = "Average"
        time_window        = "PT5M"
        time_aggregation   = "Average"
        operator           = "GreaterThan"
        threshold          = 70
      }

      scale_action {
        direction = "Increase"
        type      = "ChangeCount"
        value     = "2"
        cooldown  = "PT3M"
      }
    }

    rule {
      metric_trigger {
        metric_name        = "parley.lane.age"
        metric_namespace   = "azure.applicationinsights"
        metric_resource_id = var.insights_id
        time_grain         = "PT1M"
        statistic          = "Max"
        time_window        = "PT5M"
        time_aggregation   = "Average"
        operator           = "GreaterThan"
        threshold          = 15
      }

      scale_action {
        direction = "Increase"
        type      = "ChangeCount"
        value     = "2"
        cooldown  = "PT3M"
      }
    }

    rule {
      metric_trigger {
        metric_name        = "parley.lane.age"
        metric_namespace   = "azure.applicationinsights"
        metric_resource_id = var.insights_id
        time_grain         = "PT1M"
        statistic          = "Max"
        time_window        = "PT15M"
        time_aggregation   = "Average"
        operator           = "LessThan"
        threshold          = 3
      }

      scale_action {
        direction = "Decrease"
        type      = "ChangeCount"
        value     = "1"
        cooldown  = "PT20M"
      }
    }

    rule {
      metric_trigger {
        metric_name        = "CpuPercentage"
        metric_resource_id = azurerm_service_plan.parley.id
        time_grain         = "PT1M"
        statistic          = "Average"
        time_window        = "PT15M"
        time_aggregation   = "Average"
        operator           = "LessThan"
        threshold          = 30
      }

      scale_action {
        direction = "Decrease"
        type      = "ChangeCount"
        value     = "1"
        cooldown  = "PT20M"
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "scale" {
  name                       = "to-logs"
  target_resource_id         = azurerm_monitor_autoscale_setting.plan.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
