# The settings of docs/settings.md, by their names there. None of them is a secret: whoever reads them can do nothing.

locals {
  settings = {
    PORT = "8000"

    MICROSOFT_APP_ID           = module.identity.client_id
    MICROSOFT_APP_TENANT_ID    = var.tenant_id
    BOT_CREDENTIAL             = "federated"
    MANAGED_IDENTITY_CLIENT_ID = module.identity.bot.client_id
    OAUTH_CONNECTION_NAME      = local.sign_in_connection
    ALLOWED_TENANTS            = var.tenant_id
    USER_ROLE                  = var.user_role

    DATABASE_URL = "${local.database}/${module.database.databases["parley"]}?sslmode=verify-full&sslrootcert=system"
    CONTENT_KEY  = module.keyvault.content_key
    FILE_HOSTS   = join(",", var.sharepoint_hosts)
    LINK_HOSTS   = join(",", concat(local.cloud.teams, var.sharepoint_hosts))

    AZURE_OPENAI_ENDPOINTS   = join(",", [for region in var.openai_regions : module.openai[region].address])
    AZURE_OPENAI_REGIONS     = join(",", var.openai_regions)
    AZURE_OPENAI_DEPLOYMENTS = join(",", keys(var.openai_deployments))
    AZURE_OPENAI_MODELS      = join(",", [for name, each in var.openai_deployments : "${name}=${each.model}/${each.sku}"])
    AZURE_OPENAI_SCOPE       = local.cloud.openai_scope
    ABUSE_MONITORING         = var.abuse_monitoring

    RETENTION_DAYS          = tostring(var.retention.conversations)
    AUDIT_DAYS              = tostring(var.retention.audit)
    DAILY_TOKENS_PER_PERSON = format("%d", var.daily_tokens.person)
    DAILY_TOKENS_TENANT     = format("%d", var.daily_tokens.tenant)

    APPLICATIONINSIGHTS_CONNECTION_STRING = module.observability.connection_string

    SERVICE_ORIGINS     = local.cloud.service_origins
    OPENID_METADATA_URL = local.cloud.channel_keys
    TOKEN_ISSUER        = local.cloud.channel_issuer
    USER_TOKEN_URL      = local.cloud.token_service
    LOGIN_URL           = local.cloud.login
    GRAPH_URL           = local.cloud.graph
  }

  # Signs in as the identity, with a token of Entra's; there is no password.
  database = "postgresql://${module.identity.bot.name}@${module.database.host}:5432"

  # The slot tries new code on a database of its own.
  staging_settings = {
    DATABASE_URL = "${local.database}/${module.database.databases["staging"]}?sslmode=verify-full&sslrootcert=system"
  }
}
