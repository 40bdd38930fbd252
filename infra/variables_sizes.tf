variable "plan" {
  description = "The App Service plan: size, instances at least and at most, spread over zones, and an App Service Environment to stand in, if any."
  type = object({
    sku            = optional(string, "P1v3")
    least          = optional(number, 3)
    most           = optional(number, 10)
    zone_redundant = optional(bool, true)
    environment_id = optional(string)
  })
  default = {}

  validation {
    condition     = var.plan.least >= (var.plan.zone_redundant ? 2 : 1) && var.plan.most >= var.plan.least && var.plan.most <= 30
    error_message = "plan.least is at least 1, over zones at least 2, and plan.most not less and at most 30."
  }
}

variable "build_on_deploy" {
  description = "Whether Azure fetches the libraries when code is deployed, which more_hosts must then allow; otherwise the package brings them along in .python_packages."
  type        = bool
  default     = false
}

variable "database" {
  description = "The database: size, disk in MB, a standby in a second zone, backups in the paired region."
  type = object({
    sku            = optional(string, "GP_Standard_D2ds_v5")
    storage_mb     = optional(number, 65536)
    zone_redundant = optional(bool, true)
    geo_backup     = optional(bool, true)
  })
  default = {}

  validation {
    condition     = !(var.database.zone_redundant && startswith(var.database.sku, "B_"))
    error_message = "A burstable database (B_…) has no standby: set zone_redundant to false."
  }
}

variable "storage_replication" {
  description = "Where packages and exports are kept: ZRS in three zones, GZRS in a second region too, LRS for trials."
  type        = string
  default     = "ZRS"

  validation {
    condition     = contains(["LRS", "ZRS", "GZRS"], var.storage_replication)
    error_message = "storage_replication is LRS, ZRS or GZRS."
  }
}

variable "bot_sku" {
  description = "S1, which has a promise of availability, or F0 for trials."
  type        = string
  default     = "S1"

  validation {
    condition     = contains(["S1", "F0"], var.bot_sku)
    error_message = "bot_sku is S1 or F0."
  }
}

variable "customer_managed_keys" {
  description = "Whether models, database and storage rest under a key of the company's own, which it can take back."
  type        = bool
  default     = false
}

variable "bot_key_url" {
  description = "The company's own key for what the bot service keeps, which Microsoft's Bot Service CMEK Prod must be let read first; null leaves the key to Azure."
  type        = string
  default     = null

  validation {
    condition     = var.bot_key_url == null || can(regex("^https://[a-z0-9-]+\\.vault\\.[a-z.]+/keys/[0-9A-Za-z-]+$", var.bot_key_url))
    error_message = "bot_key_url is https://<vault>/keys/<name>, without a version."
  }
}

variable "retention" {
  description = "Days that conversations, audit rows and exports live (RETENTION_DAYS, AUDIT_DAYS)."
  type = object({
    conversations = optional(number, 30)
    audit         = optional(number, 365)
    exports       = optional(number, 7)
  })
  default = {}

  validation {
    condition     = alltrue([for days in values(var.retention) : days >= 1 && days <= 3650])
    error_message = "retention counts days, 1 to 3650."
  }
}

variable "policy_enforced" {
  description = "Whether Azure refuses a change by hand that would open something; otherwise it only reports it."
  type        = bool
  default     = true
}
