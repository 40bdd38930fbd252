output "id" {
  description = "The bot registration."
  value       = azurerm_bot_service_azure_bot.parley.id
}

output "name" {
  description = "The bot registration's name, to which the sign-in connection is added."
  value       = azurerm_bot_service_azure_bot.parley.name
}

output "endpoint" {
  description = "Where Teams delivers messages."
  value       = azurerm_bot_service_azure_bot.parley.endpoint
}
