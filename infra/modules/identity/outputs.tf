output "client_id" {
  description = "Client id of the app registration, made here or brought along."
  value       = local.client_id
}

output "bot" {
  description = "The identity that the app runs as."
  value = {
    id           = azurerm_user_assigned_identity.bot.id
    name         = azurerm_user_assigned_identity.bot.name
    client_id    = azurerm_user_assigned_identity.bot.client_id
    principal_id = azurerm_user_assigned_identity.bot.principal_id
  }
}

output "gateway" {
  description = "The identity that reads the gateway's certificate."
  value = {
    id           = azurerm_user_assigned_identity.gateway.id
    principal_id = azurerm_user_assigned_identity.gateway.principal_id
  }
}

output "cmk" {
  description = "The identity that reads the company's own encryption keys, where there are such."
  value = {
    id           = one(azurerm_user_assigned_identity.cmk[*].id)
    client_id    = one(azurerm_user_assigned_identity.cmk[*].client_id)
    principal_id = one(azurerm_user_assigned_identity.cmk[*].principal_id)
  }
}

output "pipelines" {
  description = "The pipelines' identities by what they may do: client id for the pipeline, principal id for the roles."
  value = { for key, identity in azurerm_user_assigned_identity.pipeline : key => {
    client_id    = identity.client_id
    principal_id = identity.principal_id
  } }
}
