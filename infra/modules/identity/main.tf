# Who is who in Azure. Each identity is trusted by its token; no secret exists for any of them.

resource "azurerm_user_assigned_identity" "bot" {
  name                = "id-${var.place.name}-bot"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags
}

resource "azurerm_user_assigned_identity" "gateway" {
  name                = "id-${var.place.name}-gateway"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags
}

resource "azurerm_user_assigned_identity" "cmk" {
  count = var.cmk ? 1 : 0

  name                = "id-${var.place.name}-cmk"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags
}

# Two pipelines' identities: one that may look, for every pull request, and one that may deploy, after an approval.
resource "azurerm_user_assigned_identity" "pipeline" {
  for_each = local.pipelines

  name                = "id-${var.place.name}-${each.key}"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags
}

# The subject names one repository and one environment of it: no branch, no pull request, no wildcard.
resource "azurerm_federated_identity_credential" "pipeline" {
  for_each = local.pipelines

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.pipeline[each.key].id
  issuer                    = "https://token.actions.githubusercontent.com"
  audience                  = ["api://AzureADTokenExchange"]
  subject                   = "repo:${var.repository}:environment:${each.value}"
}

locals {
  pipelines = var.repository == "" ? {} : { deploy = "production", plan = "plan" }
}
