# What must hold of every plan, with providers that only pretend: no subscription is touched and none is needed.
#   terraform init -backend=false && terraform test

mock_provider "azurerm" {}

mock_provider "azuread" {
  source = "./tests/mocks"
}

variables {
  subscription_id  = "00000000-0000-0000-0000-000000000001"
  tenant_id        = "00000000-0000-0000-0000-000000000002"
  location         = "swedencentral"
  hostname         = "bot.contoso.com"
  sharepoint_hosts = ["contoso.sharepoint.com"]
  alert_mail       = ["parley@contoso.com"]
  budget           = { amount = 100, start = "2027-01-01" }
  openai_regions   = ["swedencentral", "germanywestcentral"]

  database_administrators = { object_id = "00000000-0000-0000-0000-000000000003", name = "administrators" }
  openai_deployments      = { chat = { model = "gpt-5.6-luna", version = "2026-07-09", retires = "2099-01-01" } }
}

run "by_default_everything_is_made_and_closed" {
  command = plan

  assert {
    condition     = output.messaging_endpoint == "https://bot.contoso.com/api/messages"
    error_message = "Teams delivers to the gateway's name, and to nothing else."
  }

  assert {
    condition     = !var.public_network_access_enabled && length(module.gateway) == 1 && length(module.firewall) == 1
    error_message = "There is a gateway in and a firewall out."
  }

  assert {
    condition     = length(module.admin) == 0 && output.pipelines == {}
    error_message = "Nobody has a way in that was not asked for."
  }

  assert {
    condition     = local.settings.AZURE_OPENAI_ENDPOINTS == "https://oai-${local.unique}-swedencentral.openai.azure.com,https://oai-${local.unique}-germanywestcentral.openai.azure.com"
    error_message = "The bot knows both accounts in the order of preference."
  }

  assert {
    condition     = local.settings.AZURE_OPENAI_MODELS == "chat=gpt-5.6-luna/DataZoneStandard"
    error_message = "People are told what answers them."
  }

  assert {
    condition     = module.database.databases.parley != module.database.databases.staging
    error_message = "The staging slot has a database of its own."
  }

  assert {
    condition     = !anytrue([for host in keys(local.hosts) : contains(["*", "*.trafficmanager.net", "*.sharepoint.com"], host)])
    error_message = "Nobody else's hosts may be called."
  }
}

run "a_trial_opens_the_web_app_and_nothing_else" {
  command = plan

  variables {
    public_network_access_enabled = true
    ingress_mode                  = "app_service_restricted"
    egress_mode                   = "nat"
    hostname                      = ""
    zones                         = []
    openai_regions                = ["swedencentral"]
    plan                          = { sku = "P0v3", least = 1, most = 1, zone_redundant = false }
    database                      = { sku = "B_Standard_B2s", zone_redundant = false, geo_backup = false }
    budget                        = null
  }

  assert {
    condition     = length(module.gateway) == 0 && length(module.firewall) == 0 && output.gateway_address == null
    error_message = "A trial has neither gateway nor firewall."
  }
}

run "the_government_cloud_has_names_of_its_own" {
  command = plan

  variables {
    environment      = "usgovernment"
    location         = "usgovvirginia"
    openai_regions   = ["usgovvirginia"]
    sharepoint_hosts = ["contoso.sharepoint.us"]
  }

  assert {
    condition     = alltrue([for zone in values(local.zones) : endswith(zone, ".us") || endswith(zone, ".usgovcloudapi.net")])
    error_message = "A zone of the public cloud never resolves here."
  }

  assert {
    condition     = strcontains(local.settings.SERVICE_ORIGINS, ".us") && strcontains(local.settings.LOGIN_URL, ".us")
    error_message = "The bot talks to the government's Teams and Entra."
  }
}

run "a_company_brings_its_own" {
  command = plan

  variables {
    microsoft_app_id           = "00000000-0000-0000-0000-000000000004"
    ingress_mode               = "existing"
    egress_mode                = "existing"
    log_analytics_workspace_id = "/subscriptions/0/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w"
    private_dns_zone_ids       = { openai = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com" }
    network                    = { id = "/v", subnets = { app = "/v/app", endpoints = "/v/pe" }, app_ranges = ["10.0.0.0/26"] }
  }

  assert {
    condition     = length(module.network) == 0 && output.microsoft_app_id == var.microsoft_app_id
    error_message = "Neither the network nor the registration is made."
  }

  assert {
    condition     = module.dns.zone_ids["openai"] == var.private_dns_zone_ids["openai"]
    error_message = "The company's own zone is used."
  }
}

run "with_everything_that_can_be_had" {
  command = plan

  variables {
    customer_managed_keys = true
    bot_key_url           = "https://kv-contoso.vault.azure.net/keys/bot"
    database              = { geo_backup = false }
    private_monitor       = true
    firewall_premium      = true
    openai_blocklist      = true
    repository            = "contoso/parley"
    sign_in_subject       = "/eid1/c/pub/t/x"
    admin                 = { ssh_public_key = "ssh-ed25519 AAAA" }
  }

  assert {
    condition     = toset(keys(output.pipelines)) == toset(["deploy", "plan"]) && length(module.admin) == 1
    error_message = "Pipelines have identities, and administrators a way in."
  }

  assert {
    condition     = contains(keys(local.hosts_of_machine), "management.azure.com") && !contains(keys(local.hosts), "management.azure.com")
    error_message = "The machine reaches what applies; the app does not."
  }
}
