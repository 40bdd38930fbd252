output "id" {
  description = "The vault."
  value       = azurerm_key_vault.parley.id
}

output "content_key" {
  description = "Address of the key that wraps the contents' keys, without a version: the newest is always meant."
  value       = azurerm_key_vault_key.content.versionless_id
}

output "stores_key" {
  description = "Address of the key that the stores rest under, where it is the company's own."
  value       = one(azurerm_key_vault_key.stores[*].versionless_id)

  # A store that may not read its key yet is not made.
  depends_on = [azurerm_role_assignment.stores_read_keys]
}

output "certificate" {
  description = "Where the gateway reads its certificate: put it into the vault under the name gateway."
  value       = "${azurerm_key_vault.parley.vault_uri}secrets/gateway"
}
