output "id" {
  description = "The storage account."
  value       = azurerm_storage_account.parley.id
}

output "name" {
  description = "The storage account's name, for the pipeline that stores packages."
  value       = azurerm_storage_account.parley.name
}
