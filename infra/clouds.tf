# What differs between the clouds, in one place. The government's names were taken from Microsoft's documentation and
# never tried.

locals {
  clouds = {
    public = {
      login           = "https://login.microsoftonline.com"
      graph           = "https://graph.microsoft.com"
      management      = "https://management.azure.com"
      openai          = "openai.azure.com"
      openai_scope    = "https://cognitiveservices.azure.com/.default"
      service_origins = "https://smba.trafficmanager.net"
      channel_keys    = "https://login.botframework.com/v1/.well-known/openidconfiguration"
      channel_issuer  = "https://api.botframework.com"
      token_service   = "https://token.botframework.com"
      telemetry       = "*.in.applicationinsights.azure.com"
      teams           = ["teams.microsoft.com", "teams.cloud.microsoft"]
      zones = {
        openai   = "privatelink.openai.azure.com"
        app      = "privatelink.azurewebsites.net"
        database = "privatelink.postgres.database.azure.com"
        blob     = "privatelink.blob.core.windows.net"
        vault    = "privatelink.vaultcore.azure.net"
      }
      monitor_zones = [
        "privatelink.monitor.azure.com",
        "privatelink.oms.opinsights.azure.com",
        "privatelink.ods.opinsights.azure.com",
        "privatelink.agentsvc.azure-automation.net",
      ]
    }

    usgovernment = {
      login           = "https://login.microsoftonline.us"
      graph           = "https://graph.microsoft.us"
      management      = "https://management.usgovcloudapi.net"
      openai          = "openai.azure.us"
      openai_scope    = "https://cognitiveservices.azure.us/.default"
      service_origins = "https://smba.infra.gov.teams.microsoft.us"
      channel_keys    = "https://login.botframework.azure.us/v1/.well-known/openidconfiguration"
      channel_issuer  = "https://api.botframework.us"
      token_service   = "https://tokengcch.botframework.azure.us"
      telemetry       = "*.in.applicationinsights.azure.us"
      teams           = ["gov.teams.microsoft.us"]
      zones = {
        openai   = "privatelink.openai.azure.us"
        app      = "privatelink.azurewebsites.us"
        database = "privatelink.postgres.database.usgovcloudapi.net"
        blob     = "privatelink.blob.core.usgovcloudapi.net"
        vault    = "privatelink.vaultcore.usgovcloudapi.net"
      }
      monitor_zones = [
        "privatelink.monitor.azure.us",
        "privatelink.oms.opinsights.azure.us",
        "privatelink.ods.opinsights.azure.us",
        "privatelink.agentsvc.azure-automation.us",
      ]
    }
  }

  cloud = local.clouds[var.environment]

  monitor_zones = var.private_monitor ? { for place, zone in local.cloud.monitor_zones : "monitor_${place}" => zone } : {}
  zones         = merge(local.cloud.zones, local.monitor_zones)

  # Everything that the app calls outside the network, and why; the firewall refuses the rest.
  hosts = merge(
    {
      (trimprefix(local.cloud.login, "https://"))           = "Entra: tokens of the bot, and on behalf of people"
      (split("/", local.cloud.channel_keys)[2])             = "the keys that Teams signs with"
      (trimprefix(local.cloud.channel_issuer, "https://"))  = "the bot service"
      (trimprefix(local.cloud.token_service, "https://"))   = "people's sign-in"
      (trimprefix(local.cloud.service_origins, "https://")) = "Teams: what the bot says"
      (trimprefix(local.cloud.graph, "https://"))           = "Graph: what people may read themselves"
    },
    { for host in var.sharepoint_hosts : host => "files of the tenant" },
    var.private_monitor ? {} : { (local.cloud.telemetry) = "telemetry" },
    var.more_hosts,
  )

  # What the administrators' machine calls besides: without it nobody signs in to it, and nothing is applied from it.
  hosts_of_machine = var.admin == null ? {} : merge(
    {
      (trimprefix(local.cloud.management, "https://")) = "Azure's management, for terraform and az"
      "pas.windows.net"                                = "Entra: who may sign in to the machine"
      "packages.microsoft.com"                         = "what signs people in, and az"
      "releases.hashicorp.com"                         = "Terraform's providers; the registry that lists them stands in admin.hosts"
    },
    var.admin.hosts,
  )
}
