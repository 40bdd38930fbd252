output "messaging_endpoint" {
  description = "Where Teams delivers messages."
  value       = module.bot.endpoint
}

output "gateway_address" {
  description = "The address that the company's DNS record for hostname leads to; null without a gateway of ours."
  value       = one(module.gateway[*].address)
}

output "microsoft_app_id" {
  description = "Client id of the app registration, for the app package and the sign-in connection."
  value       = module.identity.client_id
}

output "manifest" {
  description = "What the app package is made from (appPackage/README.md)."
  value = {
    MICROSOFT_APP_ID = module.identity.client_id
    resource         = "api://botid-${module.identity.client_id}"
    sign_in_host     = trimprefix(local.cloud.token_service, "https://")
  }
}

output "federated_credential" {
  description = "What a registration made by hand must trust, so that the bot needs no secret (docs/registration.md, step 3)."
  value = {
    issuer    = "${local.cloud.login}/${var.tenant_id}/v2.0"
    subject   = module.identity.bot.principal_id
    audiences = ["api://AzureADTokenExchange"]
  }
}

output "sign_in_connection" {
  description = "What the OAuth connection for sign-in is made of (docs/registration.md, step 5)."
  value = {
    resource_group     = azurerm_resource_group.parley.name
    bot                = module.bot.name
    setting_name       = local.sign_in_connection
    token_exchange_url = "api://botid-${module.identity.client_id}"
  }
}

output "database_login" {
  description = "The database role to create for the bot, in both databases (README, step 5)."
  value = {
    server    = module.database.host
    databases = values(module.database.databases)
    role      = module.identity.bot.name
  }
}

output "app_name" {
  description = "The web app to deploy the code to; its slot is called staging."
  value       = module.app.name
}

output "storage_name" {
  description = "The storage account, whose container deploy takes the packages."
  value       = module.storage.name
}

output "pipelines" {
  description = "Client ids of the pipelines' identities: plan may look, deploy may deploy."
  value       = { for key, each in module.identity.pipelines : key => each.client_id }
}

output "outward_address" {
  description = "The address that Parley is seen with from outside; null without the firewall."
  value       = one(module.firewall[*].address)
}

output "workbook" {
  description = "The workbook with everything that is worth a look; infra/dashboards/grafana.json shows the same in Grafana."
  value       = module.observability.workbook_id
}
