variable "openai_regions" {
  description = "Regions with an Azure OpenAI account each, in order of preference; the second is used while the first is busy or away."
  type        = list(string)

  validation {
    condition     = length(var.openai_regions) >= 1 && length(var.openai_regions) <= 2 && length(distinct(var.openai_regions)) == length(var.openai_regions)
    error_message = "openai_regions names one region or two different ones."
  }
}

variable "data_residency" {
  description = "How far what people write may travel to be answered: region, data_zone (EU or US) or global."
  type        = string
  default     = "data_zone"

  validation {
    condition     = contains(["region", "data_zone", "global"], var.data_residency)
    error_message = "data_residency is region, data_zone or global."
  }
}

variable "openai_deployments" {
  description = "Model deployments by name, made in every region; the bot offers them in the order of their names. retires is the day that Microsoft's list of models gives for this version."
  type = map(object({
    model    = string
    version  = string
    retires  = string
    sku      = optional(string, "DataZoneStandard")
    capacity = optional(number, 50)
  }))

  validation {
    condition     = length(var.openai_deployments) > 0
    error_message = "At least one deployment is needed."
  }

  validation {
    condition     = alltrue([for name in keys(var.openai_deployments) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", name))])
    error_message = "A deployment's name has letters, digits, dots and dashes, and no comma."
  }

  validation {
    condition = alltrue([for deployment in var.openai_deployments : contains(
      { region = ["Standard"], data_zone = ["Standard", "DataZoneStandard"], global = ["Standard", "DataZoneStandard", "GlobalStandard"] }[var.data_residency],
      deployment.sku,
    )])
    error_message = "The kind of a deployment leaves what data_residency promises: GlobalStandard needs global, DataZoneStandard needs data_zone or global."
  }

  validation {
    condition     = alltrue([for deployment in var.openai_deployments : can(formatdate("YYYY", "${deployment.retires}T00:00:00Z"))])
    error_message = "retires is a day, written as 2027-07-09."
  }

  validation {
    condition     = alltrue([for deployment in var.openai_deployments : deployment.capacity >= 1])
    error_message = "capacity counts thousands of tokens a minute, at least 1."
  }
}

variable "abuse_monitoring" {
  description = "standard, or modified where Microsoft has approved that nobody looks at prompts; people read it in the privacy card."
  type        = string
  default     = "standard"

  validation {
    condition     = contains(["standard", "modified"], var.abuse_monitoring)
    error_message = "abuse_monitoring is standard or modified."
  }
}

variable "openai_blocklist" {
  description = "Whether each account has a list of words that the company never wants, filled in the portal."
  type        = bool
  default     = false
}

variable "daily_tokens" {
  description = "Tokens that one person and the whole tenant may use in a day (DAILY_TOKENS_PER_PERSON, DAILY_TOKENS_TENANT)."
  type = object({
    person = optional(number, 200000)
    tenant = optional(number, 20000000)
  })
  default = {}

  validation {
    condition     = var.daily_tokens.person >= 1 && var.daily_tokens.tenant >= var.daily_tokens.person
    error_message = "daily_tokens.person is at least 1, and tenant not less than that."
  }
}

variable "user_role" {
  description = "App role that admits a person (USER_ROLE); empty admits everyone of the tenant."
  type        = string
  default     = ""
}
