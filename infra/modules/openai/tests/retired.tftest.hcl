# A deployment of a model that is gone is refused by the plan, and one that goes soon is told of.
#   in this folder: terraform init && terraform test

mock_provider "azurerm" {}

variables {
  place        = { group = "g", location = "l", name = "parley", unique = "parley-1", tags = {} }
  region       = "swedencentral"
  suffix       = "openai.azure.com"
  principal_id = "p"
  blocklist    = false
  endpoint     = { subnet_id = "s", zone_ids = ["z"] }
  cmk          = null
  workspace_id = "w"
}

run "refuses_a_model_that_was_retired" {
  command         = plan
  expect_failures = [azurerm_cognitive_deployment.model, check.retirement]

  variables {
    deployments = { old = { model = "m", version = "1", sku = "Standard", capacity = 1, retires = "2020-01-01" } }
  }
}

run "tells_of_a_model_that_goes_soon" {
  command         = plan
  expect_failures = [check.retirement]

  variables {
    deployments = { chat = { model = "m", version = "1", sku = "Standard", capacity = 1, retires = formatdate("YYYY-MM-DD", timeadd(timestamp(), "720h")) } }
  }
}

run "makes_a_model_that_stays" {
  command = plan

  variables {
    deployments = { chat = { model = "m", version = "1", sku = "Standard", capacity = 1, retires = "2099-01-01" } }
  }

  assert {
    condition     = azurerm_cognitive_deployment.model["chat"].rai_policy_name == azurerm_cognitive_account_rai_policy.parley.name
    error_message = "Every deployment is under the content filter of ours."
  }

  assert {
    condition     = !azurerm_cognitive_account.openai.public_network_access_enabled && !azurerm_cognitive_account.openai.local_auth_enabled
    error_message = "No public door, no key."
  }
}
