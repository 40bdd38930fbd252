locals {
  tags = merge({ application = "parley" }, var.tags)

  # Made by hand at the bot registration: docs/registration.md, step 5.
  sign_in_connection = "sso"
}

resource "azurerm_resource_group" "parley" {
  name     = "rg-${var.name}"
  location = var.location
  tags     = local.tags
}

# Who the bot is in Azure: it reads the model and the database with this identity, and no secret exists.
resource "azurerm_user_assigned_identity" "bot" {
  name                = "id-${var.name}-bot"
  resource_group_name = azurerm_resource_group.parley.name
  location            = azurerm_resource_group.parley.location
  tags                = local.tags
}
