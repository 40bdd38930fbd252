# Names inside the network lead to the private addresses. No record is written by hand: each endpoint's zone group
# writes its own, under the name that the service really has.

locals {
  made = { for key, name in var.zones : key => name if !contains(keys(var.existing), key) }
}

resource "azurerm_private_dns_zone" "private" {
  for_each = local.made

  name                = each.value
  resource_group_name = var.place.group
  tags                = var.place.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "private" {
  for_each = local.made

  name                = each.key
  private_dns_zone_id = azurerm_private_dns_zone.private[each.key].id
  virtual_network_id  = var.network_id
  tags                = var.place.tags
}
