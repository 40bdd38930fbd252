# What is let through. The shape of a request is decided by rules of our own; the managed rules look at all the rest,
# but not at what people write: employees paste SQL, shell and HTML, and a firewall that reads along would eat it.

locals {
  # Whatever does not match is refused. The gate itself is the signed token, which the app verifies.
  wanted = {
    method = { priority = 10, variable = "RequestMethod", selector = null, operator = "Equal", values = ["POST"], transforms = [] }
    path   = { priority = 20, variable = "RequestUri", selector = null, operator = "Equal", values = ["/api/messages"], transforms = [] }
    json   = { priority = 30, variable = "RequestHeaders", selector = "Content-Type", operator = "BeginsWith", values = ["application/json"], transforms = ["Lowercase"] }
    token  = { priority = 40, variable = "RequestHeaders", selector = "Authorization", operator = "BeginsWith", values = ["Bearer "], transforms = [] }
  }

  # Names as the firewall gives them to the members of a JSON body: nested ones joined by dots.
  written_by_people = {
    text        = "Equals"     # what somebody wrote
    value       = "StartsWith" # what somebody filled into a card
    attachments = "StartsWith" # the same text once more as HTML, quoted messages, and forwarded ones
  }
}

resource "azurerm_web_application_firewall_policy" "door" {
  # checkov:skip=CKV_AZURE_135:The default rule set 2.1 holds the Log4j rules; the check knows the older sets only.
  name                = "waf-${var.place.name}"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags

  policy_settings {
    enabled                     = true
    mode                        = "Prevention"
    request_body_check          = true
    max_request_body_size_in_kb = 256
    file_upload_limit_in_mb     = 1

    # A blocked request is logged with what it was blocked for; what people wrote and who they prove to be is not.
    log_scrubbing {
      enabled = true

      rule {
        enabled                 = true
        match_variable          = "RequestJSONArgNames"
        selector_match_operator = "EqualsAny"
      }

      rule {
        enabled                 = true
        match_variable          = "RequestHeaderNames"
        selector_match_operator = "Equals"
        selector                = "Authorization"
      }
    }
  }

  dynamic "custom_rules" {
    for_each = local.wanted

    content {
      name      = "only${custom_rules.key}"
      priority  = custom_rules.value.priority
      rule_type = "MatchRule"
      action    = "Block"

      match_conditions {
        operator           = custom_rules.value.operator
        negation_condition = true
        match_values       = custom_rules.value.values
        transforms         = custom_rules.value.transforms

        match_variables {
          variable_name = custom_rules.value.variable
          selector      = custom_rules.value.selector
        }
      }
    }
  }

  custom_rules {
    name                 = "notmore"
    priority             = 50
    rule_type            = "RateLimitRule"
    action               = "Block"
    rate_limit_duration  = "OneMin"
    rate_limit_threshold = var.requests_per_minute
    group_rate_limit_by  = "None"

    match_conditions {
      operator     = "BeginsWith"
      match_values = ["/"]

      match_variables {
        variable_name = "RequestUri"
      }
    }
  }

  managed_rules {
    managed_rule_set {
      type    = "Microsoft_DefaultRuleSet"
      version = "2.1"
    }

    managed_rule_set {
      type    = "Microsoft_BotManagerRuleSet"
      version = "1.1"
    }

    dynamic "exclusion" {
      for_each = local.written_by_people

      content {
        match_variable          = "RequestArgNames"
        selector                = exclusion.key
        selector_match_operator = exclusion.value
      }
    }
  }
}
