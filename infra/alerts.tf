# The figures that are watched, and from where on somebody is told.

locals {
  alerts = merge(
    {
      app-errors    = { says = "The app answers with errors of its own.", scope = module.app.id, namespace = "Microsoft.Web/sites", metric = "Http5xx", how = "Total", operator = "GreaterThan", threshold = 5, severity = 1 }
      app-slow      = { says = "The app takes longer than a second to say that it took a message.", scope = module.app.id, namespace = "Microsoft.Web/sites", metric = "HttpResponseTime", how = "Average", operator = "GreaterThan", threshold = 1, severity = 2 }
      app-unhealthy = { says = "An instance is not ready.", scope = module.app.id, namespace = "Microsoft.Web/sites", metric = "HealthCheckStatus", how = "Average", operator = "LessThan", threshold = 100, severity = 2 }
      plan-busy     = { says = "The plan is at its limit although it has grown.", scope = module.app.plan_id, namespace = "Microsoft.Web/serverFarms", metric = "CpuPercentage", how = "Average", operator = "GreaterThan", threshold = 90, severity = 2 }
      database-away = { says = "The database does not answer.", scope = module.database.id, namespace = "Microsoft.DBforPostgreSQL/flexibleServers", metric = "is_db_alive", how = "Minimum", operator = "LessThan", threshold = 1, severity = 0 }
      database-full = { says = "The database's disk is nearly full.", scope = module.database.id, namespace = "Microsoft.DBforPostgreSQL/flexibleServers", metric = "storage_percent", how = "Average", operator = "GreaterThan", threshold = 85, severity = 1 }
      database-busy = { says = "The database is at its limit.", scope = module.database.id, namespace = "Microsoft.DBforPostgreSQL/flexibleServers", metric = "cpu_percent", how = "Average", operator = "GreaterThan", threshold = 90, severity = 2 }
      vault-away    = { says = "The vault does not answer; contents cannot be opened for long.", scope = module.keyvault.id, namespace = "Microsoft.KeyVault/vaults", metric = "Availability", how = "Average", operator = "LessThan", threshold = 99, severity = 1 }
    },
    var.ingress_mode != "application_gateway" ? {} : {
      gateway-alone = { says = "The gateway finds no healthy app behind it.", scope = module.gateway[0].id, namespace = "Microsoft.Network/applicationGateways", metric = "UnhealthyHostCount", how = "Average", operator = "GreaterThan", threshold = 0, severity = 1 }
    },
    { for region, account in module.openai : "models-${region}" => {
      says  = "The models in ${region} refuse because they are busy: more capacity, or a second region."
      scope = account.id, namespace = "Microsoft.CognitiveServices/accounts", metric = "ClientErrors", how = "Total", operator = "GreaterThan", threshold = 100, severity = 2
    } },
  )
}
