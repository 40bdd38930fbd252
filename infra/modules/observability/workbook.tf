# What is looked at, as a workbook beside the figures. It is made from infra/dashboards/panels.toml, and so is the dashboard for
# Grafana: change that list, never the result.

resource "azurerm_application_insights_workbook" "parley" {
  name                = uuidv5("url", "https://parley/workbooks/${var.place.unique}")
  resource_group_name = var.place.group
  location            = var.place.location
  display_name        = "Parley"
  description         = "Traffic and answers, waiting, models and money, what refuses, the platform."
  source_id           = lower(azurerm_application_insights.parley.id)
  category            = "workbook"
  tags                = var.place.tags

  data_json = templatefile("${path.module}/../../dashboards/workbook.json", {
    workspace_id = local.workspace_id
    group        = var.place.group
  })
}
