# Azure Monitor by a private way. Off by default, because its names then change for everybody in the network.

resource "azurerm_monitor_private_link_scope" "parley" {
  count = var.private_monitor ? 1 : 0

  name                  = "ampls-${var.place.name}"
  resource_group_name   = var.place.group
  ingestion_access_mode = "PrivateOnly"
  query_access_mode     = "Open"
  tags                  = var.place.tags
}

resource "azurerm_monitor_private_link_scoped_service" "member" {
  for_each = var.private_monitor ? { logs = local.workspace_id, insights = azurerm_application_insights.parley.id } : {}

  name                = each.key
  resource_group_name = var.place.group
  scope_name          = azurerm_monitor_private_link_scope.parley[0].name
  linked_resource_id  = each.value
}

resource "azurerm_private_endpoint" "monitor" {
  count = var.private_monitor ? 1 : 0

  name                = "pe-${var.place.name}-monitor"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "monitor"
    private_connection_resource_id = azurerm_monitor_private_link_scope.parley[0].id
    subresource_names              = ["azuremonitor"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "monitor"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}
