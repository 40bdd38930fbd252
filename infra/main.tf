# How the parts are put together. Every part is a module of one noun; what it is given stands here, and why, there.

locals {
  unique = "${var.name}-${coalesce(var.suffix, substr(sha256("${var.subscription_id}/${var.name}"), 0, 5))}"
  tags   = merge({ application = "parley" }, var.tags)

  place = {
    group    = azurerm_resource_group.parley.name
    location = var.location
    name     = var.name
    unique   = local.unique
    tags     = local.tags
  }

  network   = var.network == null ? module.network[0].network : var.network
  zone_ids  = module.dns.zone_ids
  endpoints = { for key, id in local.zone_ids : key => { subnet_id = local.network.subnets["endpoints"], zone_ids = [id] } }
  hostname  = var.public_network_access_enabled ? module.app.hostname : var.hostname
  messages  = "https://${local.hostname}/api/messages"
  cmk       = var.customer_managed_keys ? { key_id = module.keyvault.stores_key, identity = module.identity.cmk.id, client_id = module.identity.cmk.client_id } : null
  pipelines = { for key in ["deploy", "plan"] : key => var.repository == "" ? null : { principal_id = module.identity.pipelines[key].principal_id } }

  # Made by hand at the bot registration: docs/registration.md, step 5.
  sign_in_connection = "sso"
}

resource "azurerm_resource_group" "parley" {
  name     = "rg-${var.name}"
  location = var.location
  tags     = local.tags
}

# Its own group: who looks after networks need not see what runs in them.
resource "azurerm_resource_group" "network" {
  name     = "rg-${var.name}-network"
  location = var.location
  tags     = local.tags
}

module "network" {
  source = "./modules/network"
  count  = var.network == null ? 1 : 0

  place         = merge(local.place, { group = azurerm_resource_group.network.name })
  address_space = var.address_space
  firewall      = var.egress_mode == "firewall"
  nat           = var.egress_mode == "nat"
  admin         = var.admin != null
  workspace_id  = module.observability.workspace_id

  gateway_sources = {
    prefixes = var.teams_sources.prefixes
    tags     = concat(var.teams_sources.tags, var.watched_from_outside ? ["ApplicationInsightsAvailability"] : [])
  }
}

module "dns" {
  source = "./modules/dns"

  place      = merge(local.place, { group = azurerm_resource_group.network.name })
  zones      = local.zones
  existing   = var.private_dns_zone_ids
  network_id = local.network.id
}

module "identity" {
  source = "./modules/identity"

  place            = local.place
  tenant_id        = var.tenant_id
  login            = local.cloud.login
  microsoft_app_id = var.microsoft_app_id
  sign_in_subject  = var.sign_in_subject
  redirect         = "${local.cloud.token_service}/.auth/web/redirect"
  repository       = var.repository
  cmk              = var.customer_managed_keys
  graph_scopes = [
    "openid", "profile", "offline_access", "User.Read",
    "Team.ReadBasic.All", "Channel.ReadBasic.All", "ChannelMessage.Read.All", "Chat.Read", "Files.Read.All",
  ]
}

module "openai" {
  source   = "./modules/openai"
  for_each = toset(var.openai_regions)

  place        = local.place
  region       = each.value
  suffix       = local.cloud.openai
  deployments  = var.openai_deployments
  principal_id = module.identity.bot.principal_id
  blocklist    = var.openai_blocklist
  endpoint     = local.endpoints["openai"]
  cmk          = local.cmk
  workspace_id = module.observability.workspace_id
}

module "database" {
  source = "./modules/database"

  place          = local.place
  tenant_id      = var.tenant_id
  administrators = var.database_administrators
  sku            = var.database.sku
  storage_mb     = var.database.storage_mb
  zone_redundant = var.database.zone_redundant
  geo_backup     = var.database.geo_backup
  endpoint       = local.endpoints["database"]
  cmk            = local.cmk
  workspace_id   = module.observability.workspace_id
}

module "storage" {
  source = "./modules/storage"

  place            = local.place
  replication      = var.storage_replication
  export_days      = var.retention.exports
  bot_principal_id = module.identity.bot.principal_id
  deployer         = local.pipelines["deploy"]
  endpoint         = local.endpoints["blob"]
  cmk              = local.cmk
  workspace_id     = module.observability.workspace_id
}

module "keyvault" {
  source = "./modules/keyvault"

  place                = local.place
  tenant_id            = var.tenant_id
  bot_principal_id     = module.identity.bot.principal_id
  gateway_principal_id = module.identity.gateway.principal_id
  cmk                  = var.customer_managed_keys
  cmk_principal_id     = module.identity.cmk.principal_id
  endpoint             = local.endpoints["vault"]
  workspace_id         = module.observability.workspace_id
}

module "gateway" {
  source = "./modules/gateway"
  count  = var.ingress_mode == "application_gateway" ? 1 : 0

  place               = local.place
  hostname            = var.hostname
  certificate         = module.keyvault.certificate
  identity_id         = module.identity.gateway.id
  subnet_id           = local.network.subnets["gateway"]
  backend             = module.app.hostname
  zones               = var.zones
  capacity            = { least = var.gateway.least, most = var.gateway.most }
  requests_per_minute = var.gateway.requests_per_minute
  workspace_id        = module.observability.workspace_id
}

module "app" {
  source = "./modules/app"

  place                = local.place
  plan                 = var.plan
  public               = var.public_network_access_enabled
  sources              = var.teams_sources
  deployment_addresses = var.deployment_addresses
  builds               = var.build_on_deploy
  identity_id          = module.identity.bot.id
  subnet_id            = local.network.subnets["app"]
  settings             = local.settings
  staging_settings     = local.staging_settings
  deployer             = local.pipelines["deploy"]
  endpoint             = local.endpoints["app"]
  workspace_id         = module.observability.workspace_id
  insights_id          = module.observability.insights_id
}

module "bot" {
  source = "./modules/bot"

  place            = local.place
  tenant_id        = var.tenant_id
  client_id        = module.identity.client_id
  endpoint_address = local.messages
  sku              = var.bot_sku
  government       = var.environment == "usgovernment"
  cmk_key_url      = var.bot_key_url
  workspace_id     = module.observability.workspace_id
}

module "firewall" {
  source = "./modules/firewall"
  count  = var.egress_mode == "firewall" ? 1 : 0

  place        = merge(local.place, { group = azurerm_resource_group.network.name })
  subnet_id    = local.network.subnets["firewall"]
  guarded      = merge({ app = local.network.subnets["app"] }, var.admin == null ? {} : { admin = local.network.subnets["admin"] })
  premium      = var.firewall_premium
  zones        = var.zones
  workspace_id = module.observability.workspace_id

  # What the app may call, the machine may too; not the other way round.
  hosts = merge(
    { for host, why in local.hosts_of_machine : host => { why = why, sources = local.network.admin_ranges } },
    { for host, why in local.hosts : host => { why = why, sources = concat(local.network.app_ranges, local.network.admin_ranges) } },
  )
}

module "admin" {
  source = "./modules/admin"
  count  = var.admin == null ? 0 : 1

  place             = local.place
  bastion_subnet_id = local.network.subnets["bastion"]
  machine_subnet_id = local.network.subnets["admin"]
  ssh_public_key    = var.admin.ssh_public_key
  size              = var.admin.size
  shutdown          = var.admin.shutdown
  workspace_id      = module.observability.workspace_id
}

module "policy" {
  source = "./modules/policy"

  group_id = azurerm_resource_group.parley.id
  enforced = var.policy_enforced
  locked   = { database = module.database.id, vault = module.keyvault.id, storage = module.storage.id }
  reader   = local.pipelines["plan"]
  readable = { all = azurerm_resource_group.parley.id, network = azurerm_resource_group.network.id }
}

module "observability" {
  source = "./modules/observability"

  place                 = local.place
  existing_workspace_id = var.log_analytics_workspace_id
  retention_days        = var.log_retention_days
  publisher_id          = module.identity.bot.principal_id
  private_monitor       = var.private_monitor
  mail                  = var.alert_mail
  budget                = var.budget
  office_hours          = var.office_hours
  subscription_id       = var.subscription_id
  group_id              = azurerm_resource_group.parley.id
  network_group_id      = azurerm_resource_group.network.id
  probe                 = var.watched_from_outside && var.ingress_mode == "application_gateway" ? local.messages : ""
  metric_alerts         = local.alerts
  endpoint = {
    subnet_id = local.network.subnets["endpoints"]
    zone_ids  = concat([for key in keys(local.monitor_zones) : local.zone_ids[key]], [local.zone_ids["blob"]])
  }
}
