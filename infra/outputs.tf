output "messaging_endpoint" {
  description = "Where Teams delivers messages."
  value       = azurerm_bot_service_azure_bot.parley.endpoint
}

output "federated_credential" {
  description = "What the bot's app registration must trust, so that the bot needs no secret (see README, step 3)."
  value = {
    issuer    = "https://login.microsoftonline.com/${var.tenant_id}/v2.0"
    subject   = azurerm_user_assigned_identity.bot.principal_id
    audiences = ["api://AzureADTokenExchange"]
  }
}

output "sign_in_connection" {
  description = "What the OAuth connection for sign-in is made of (see docs/registration.md, step 5)."
  value = {
    resource_group     = azurerm_resource_group.parley.name
    bot                = azurerm_bot_service_azure_bot.parley.name
    setting_name       = local.sign_in_connection
    token_exchange_url = "api://botid-${var.microsoft_app_id}"
  }
}

output "database_login" {
  description = "The database role to create for the bot (see README, step 4)."
  value = {
    server   = azurerm_postgresql_flexible_server.parley.fqdn
    database = azurerm_postgresql_flexible_server_database.parley.name
    role     = azurerm_user_assigned_identity.bot.name
  }
}

output "app_name" {
  description = "The web app to deploy the code to."
  value       = azurerm_linux_web_app.parley.name
}
