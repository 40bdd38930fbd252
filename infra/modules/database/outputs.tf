output "id" {
  description = "The server."
  value       = azurerm_postgresql_flexible_server.parley.id
}

output "host" {
  description = "The server's name, which resolves to its private address inside the network."
  value       = azurerm_postgresql_flexible_server.parley.fqdn
}

output "databases" {
  description = "The databases: what serves, and what the staging slot tries new code on."
  value = {
    parley  = azurerm_postgresql_flexible_server_database.parley["parley"].name
    staging = azurerm_postgresql_flexible_server_database.parley["parley_staging"].name
  }
}
