terraform {
  required_version = ">= 1.9"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 5.10, < 6.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.10"
    }
  }

  # Keep the state where only the people who deploy may read it, for example:
  #   terraform init -backend-config=backend.hcl     with use_azuread_auth = true
  backend "azurerm" {}
}

provider "azurerm" {
  subscription_id     = var.subscription_id
  environment         = var.environment
  storage_use_azuread = true

  # Since version 5 nothing is registered unless it is asked for.
  resource_providers_to_register = [
    "Microsoft.BotService",
    "Microsoft.CognitiveServices",
    "Microsoft.Consumption",
    "Microsoft.DBforPostgreSQL",
    "Microsoft.DevTestLab",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Storage",
    "Microsoft.Web",
  ]

  features {}
}

provider "azuread" {
  tenant_id   = var.tenant_id
  environment = var.environment
}
