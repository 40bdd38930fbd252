output "network" {
  description = "The network as the other modules take it, and as a company hands in its own."
  value = {
    id = azurerm_virtual_network.parley.id
    subnets = tomap({
      gateway   = azurerm_subnet.gateway.id
      app       = azurerm_subnet.app.id
      endpoints = azurerm_subnet.endpoints.id
      firewall  = one(azurerm_subnet.firewall[*].id)
      bastion   = one(azurerm_subnet.bastion[*].id)
      admin     = one(azurerm_subnet.admin[*].id)
    })
    app_ranges   = azurerm_subnet.app.address_prefixes
    admin_ranges = flatten(azurerm_subnet.admin[*].address_prefixes)
  }
}
