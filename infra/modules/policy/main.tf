# What holds even where somebody changes things by hand.

locals {
  # Built in; the ids are the same in every tenant.
  rules = {
    no-model-keys   = { id = "71ef260a-8f18-47b7-abcb-62d0673d94dc", says = "Keys of Azure OpenAI stay off." }
    no-open-models  = { id = "037eea7a-bd0a-46c5-9a66-03aea78705d3", says = "Azure OpenAI answers inside the network only." }
    no-open-storage = { id = "b2982f36-99f2-4db5-8eff-283140c09693", says = "Storage answers inside the network only." }
    no-storage-keys = { id = "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54", says = "Keys of storage stay off." }
  }
}

resource "azurerm_resource_group_policy_assignment" "rule" {
  for_each = local.rules

  name                 = each.key
  display_name         = "Parley: ${each.value.says}"
  resource_group_id    = var.group_id
  policy_definition_id = "/providers/Microsoft.Authorization/policyDefinitions/${each.value.id}"
  enforce              = var.enforced
  parameters           = jsonencode({ effect = { value = var.enforced ? "Deny" : "Audit" } })

  non_compliance_message {
    content = each.value.says
  }
}

resource "azurerm_management_lock" "kept" {
  for_each = var.locked

  name       = "kept-${each.key}"
  scope      = each.value
  lock_level = "CanNotDelete"
  notes      = "Holds what cannot be made again. See infra/README.md before you lift this."
}

resource "azurerm_role_assignment" "pipeline_looks" {
  for_each = var.reader == null ? {} : var.readable

  scope                = each.value
  role_definition_name = "Reader"
  principal_id         = var.reader.principal_id
  principal_type       = "ServicePrincipal"
}
