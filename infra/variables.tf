variable "subscription_id" {
  description = "The Azure subscription that everything is made in."
  type        = string
}

variable "tenant_id" {
  description = "The Entra tenant of the company; only its people may use the bot."
  type        = string
}

variable "microsoft_app_id" {
  description = "Client id of the bot's app registration (single tenant). It trusts the identity made here; see README."
  type        = string
}

variable "location" {
  description = "Azure region of everything but the bot registration, which is global."
  type        = string
}

variable "name" {
  description = "Short name that all resources begin with: 3 to 16 lower-case letters and digits."
  type        = string
  default     = "parley"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,15}$", var.name))
    error_message = "name has 3 to 16 lower-case letters and digits and begins with a letter."
  }
}

variable "tags" {
  description = "Tags on every resource that takes them."
  type        = map(string)
  default     = {}
}

variable "address_space" {
  description = "Address range of the virtual network, at least a /24."
  type        = string
  default     = "10.60.0.0/24"
}

variable "database_administrators" {
  description = "Entra group that may administer the database. Nobody else has standing access to it."
  type = object({
    object_id = string
    name      = string
  })
}

variable "openai_deployments" {
  description = "Model deployments by name; the bot offers them in the order of their names, the first is the default."
  type = map(object({
    model    = string
    version  = string
    sku      = optional(string, "Standard")
    capacity = optional(number, 50)
  }))

  validation {
    condition     = length(var.openai_deployments) > 0
    error_message = "At least one deployment is needed."
  }

  validation {
    condition     = alltrue([for d in var.openai_deployments : contains(["Standard", "DataZoneStandard"], d.sku)])
    error_message = "Only Standard and DataZoneStandard keep the processing in your region or data zone."
  }
}

variable "plan_sku" {
  description = "Size of the App Service plan."
  type        = string
  default     = "P1v3"
}

variable "instances" {
  description = "How many instances serve; with three they are spread over the zones."
  type        = number
  default     = 3
}

variable "deployment_addresses" {
  description = "Address ranges that may deploy code to the web app; none where the pipeline works inside the network."
  type        = list(string)
  default     = []
}

variable "retention_days" {
  description = "How long conversations are kept (RETENTION_DAYS)."
  type        = number
  default     = 30
}

variable "log_retention_days" {
  description = "How long logs are kept in Log Analytics."
  type        = number
  default     = 90
}
