# What people sign in to. Whoever applies this needs Application Administrator in Entra; where nobody may have it, the
# registration is made by hand (docs/registration.md) and handed in by its id.

data "azuread_service_principal" "graph" {
  count = local.registered ? 1 : 0

  client_id = "00000003-0000-0000-c000-000000000000"
}

locals {
  registered = var.microsoft_app_id == ""
  client_id  = local.registered ? azuread_application.parley[0].client_id : var.microsoft_app_id
  scope_id   = uuidv5("url", "https://parley/scopes/access_as_user")

  roles = {
    user    = "May use Parley."
    admin   = "May administer Parley."
    auditor = "May look at usage, reports and the audit, and change nothing."
  }

  # Teams on desktop and phone, and Teams on the web: they may ask for the scope without anybody's consent.
  teams = {
    desktop = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
    web     = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"
  }
}

resource "azuread_application" "parley" {
  count = local.registered ? 1 : 0

  display_name     = "Parley"
  sign_in_audience = "AzureADMyOrg"

  api {
    requested_access_token_version = 2

    oauth2_permission_scope {
      id                         = local.scope_id
      value                      = "access_as_user"
      type                       = "User"
      enabled                    = true
      admin_consent_display_name = "Sign in to Parley"
      admin_consent_description  = "Lets Teams sign people in to Parley."
      user_consent_display_name  = "Sign in to Parley"
      user_consent_description   = "Lets Teams sign you in to Parley."
    }
  }

  dynamic "app_role" {
    for_each = local.roles

    content {
      id                   = uuidv5("url", "https://parley/roles/${app_role.key}")
      value                = app_role.key
      display_name         = title(app_role.key)
      description          = app_role.value
      allowed_member_types = ["User"]
      enabled              = true
    }
  }

  web {
    redirect_uris = [var.redirect]
  }

  required_resource_access {
    resource_app_id = data.azuread_service_principal.graph[0].client_id

    dynamic "resource_access" {
      for_each = var.graph_scopes

      content {
        id   = data.azuread_service_principal.graph[0].oauth2_permission_scope_ids[resource_access.value]
        type = "Scope"
      }
    }
  }

  lifecycle {
    # Its own resource below: the address holds the id, which exists only afterwards.
    ignore_changes = [identifier_uris]
  }
}

resource "azuread_application_identifier_uri" "parley" {
  count = local.registered ? 1 : 0

  application_id = azuread_application.parley[0].id
  identifier_uri = "api://botid-${azuread_application.parley[0].client_id}"
}

resource "azuread_application_pre_authorized" "teams" {
  for_each = local.registered ? local.teams : {}

  application_id       = azuread_application.parley[0].id
  authorized_client_id = each.value
  permission_ids       = [local.scope_id]
}

# Forgotten, it is AADSTS7000229.
resource "azuread_service_principal" "parley" {
  count = local.registered ? 1 : 0

  client_id = azuread_application.parley[0].client_id
}

# The registration trusts the machine, and, once the portal has shown its subject, the token service.
resource "azuread_application_federated_identity_credential" "trusted" {
  # checkov:skip=CKV_AZURE_249:Trusts the company's own Entra, not GitHub.
  for_each = local.registered ? local.trusted : {}

  application_id = azuread_application.parley[0].id
  display_name   = each.key
  issuer         = "${var.login}/${var.tenant_id}/v2.0"
  audiences      = ["api://AzureADTokenExchange"]
  subject        = each.value
}

locals {
  trusted = merge(
    { machine = azurerm_user_assigned_identity.bot.principal_id },
    var.sign_in_subject == "" ? {} : { sign-in = var.sign_in_subject },
  )
}
