variable "place" {
  description = "Where it is made and what it is called: resource group, region, short name, unique name, tags."
  type = object({
    group    = string
    location = string
    name     = string
    unique   = string
    tags     = map(string)
  })
}

variable "tenant_id" {
  description = "The one tenant the bot belongs to."
  type        = string
}

variable "client_id" {
  description = "Client id of the app registration."
  type        = string
}

variable "endpoint_address" {
  description = "Where Teams delivers messages."
  type        = string
}

variable "sku" {
  description = "S1, which has a promise of availability, or F0 for trials."
  type        = string
}

variable "government" {
  description = "Whether Teams is the one of the US government cloud."
  type        = bool
}

variable "cmk_key_url" {
  description = "Address of the company's own key for what the bot service stores; null leaves the key to Azure."
  type        = string
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

