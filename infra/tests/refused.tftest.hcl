# What is refused before anything is made.

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

run "refuses_a_model_that_leaves_the_promised_region" {
  command         = plan
  expect_failures = [var.openai_deployments]

  variables {
    openai_deployments = { chat = { model = "m", version = "1", retires = "2099-01-01", sku = "GlobalStandard" } }
  }
}

run "refuses_a_data_zone_where_the_region_is_promised" {
  command         = plan
  expect_failures = [var.openai_deployments]

  variables {
    data_residency = "region"
  }
}

run "refuses_a_public_door_beside_the_gateway" {
  command         = plan
  expect_failures = [var.ingress_mode]

  variables {
    public_network_access_enabled = true
  }
}

run "refuses_a_trial_that_is_not_said_to_be_public" {
  command         = plan
  expect_failures = [var.ingress_mode]

  variables {
    ingress_mode = "app_service_restricted"
    hostname     = ""
  }
}

# Many at once, because each run is a plan of everything; a wrong value that is let through fails the run.

run "refuses_values_that_are_wrong" {
  command         = plan
  expect_failures = [var.openai_deployments, var.openai_regions, var.teams_sources, var.hostname, var.sharepoint_hosts, var.address_space, var.name, var.environment, var.repository, var.database, var.plan, var.alert_mail, var.budget, var.tenant_id]

  variables {
    openai_deployments = { chat = { model = "m", version = "1", retires = "soon" } } # a day that is none
    openai_regions     = ["swedencentral", "swedencentral"]                          # the same region twice
    teams_sources      = { prefixes = ["0.0.0.0/0"], tags = [] }                     # the whole internet as teams
    hostname           = ""                                                          # a gateway without a name
    sharepoint_hosts   = ["*.sharepoint.com"]                                        # files of every tenant
    address_space      = "10.0.0.0/24"                                               # a network that is too small
    name               = "parleyforeverybody"                                        # a name that is too long
    environment        = "china"                                                     # a cloud that is none
    repository         = "contoso/*"                                                 # a repository with a wildcard
    database           = { sku = "B_Standard_B2s" }                                  # a standby of a burstable database
    plan               = { least = 1 }                                               # one instance in three zones
    alert_mail         = []                                                          # nobody to tell
    budget             = { amount = 1, start = "2027-01-15" }                        # a budget from the middle of a month
    tenant_id          = "contoso"                                                   # a tenant that is a name
  }
}

run "refuses_more_values_that_are_wrong" {
  command         = plan
  expect_failures = [var.openai_deployments, var.teams_sources, var.deployment_addresses, var.network]

  variables {
    openai_deployments   = {}                                                                                # no model at all
    teams_sources        = { prefixes = ["52.112.0.0/14"], tags = ["*"] }                                    # everybody as a tag
    deployment_addresses = ["0.0.0.0/1", "128.0.0.0/1"]                                                      # the whole internet in two halves
    network              = { id = "/v", subnets = { app = "/v/app", endpoints = "/v/pe" }, app_ranges = [] } # no subnet for the gateway
  }
}

run "refuses_a_way_out_that_nobody_makes" {
  command         = plan
  expect_failures = [var.network, var.teams_sources]

  variables {
    egress_mode   = "nat"
    teams_sources = { prefixes = ["0.0.0.0/1", "128.0.0.0/1"], tags = [] }
    network       = { id = "/v", subnets = { app = "/v/app", endpoints = "/v/pe", gateway = "/v/g" }, app_ranges = [] }
  }
}

run "refuses_nobody_to_call_from" {
  command         = plan
  expect_failures = [var.teams_sources]

  variables {
    teams_sources = { prefixes = [], tags = ["AzureBotService"] }
  }
}
