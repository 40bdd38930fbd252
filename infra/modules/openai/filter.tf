# What the service itself refuses, in what people ask and in what the model answers.

locals {
  harms = ["Hate", "Sexual", "Violence", "Selfharm"]

  filters = concat(
    [for pair in setproduct(local.harms, ["Prompt", "Completion"]) : { name = pair[0], source = pair[1], severity = "Medium" }],
    [
      # Somebody who talks the model out of its task, and a text under summary that tries to: the second is the one
      # that matters here, because Parley reads what others wrote.
      { name = "Jailbreak", source = "Prompt", severity = null },
      { name = "Indirect Attack", source = "Prompt", severity = null },
      { name = "Protected Material Text", source = "Completion", severity = null },
      { name = "Protected Material Code", source = "Completion", severity = null },
    ],
  )
}

resource "azurerm_cognitive_account_rai_policy" "parley" {
  name                 = "parley"
  cognitive_account_id = azurerm_cognitive_account.openai.id
  base_policy_name     = "Microsoft.DefaultV2"
  mode                 = "Default"
  tags                 = var.place.tags

  dynamic "content_filter" {
    for_each = local.filters

    content {
      name               = content_filter.value.name
      source             = content_filter.value.source
      filter_enabled     = true
      block_enabled      = true
      severity_threshold = content_filter.value.severity
    }
  }
}

resource "azurerm_cognitive_account_rai_blocklist" "words" {
  count = var.blocklist ? 1 : 0

  name                 = "words"
  cognitive_account_id = azurerm_cognitive_account.openai.id
  description          = "Words that the company never wants; their list is kept in the portal, not here."
  tags                 = var.place.tags
}
