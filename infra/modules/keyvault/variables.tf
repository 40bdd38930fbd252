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
  description = "The Entra tenant whose identities may use what is kept here."
  type        = string
}

variable "bot_principal_id" {
  description = "Who wraps and unwraps the contents' keys: the bot's identity."
  type        = string
}

variable "gateway_principal_id" {
  description = "Who reads the certificate: the gateway's identity."
  type        = string
}

variable "cmk" {
  description = "Whether the stores rest under a key of the company's own."
  type        = bool
}

variable "cmk_principal_id" {
  description = "Who reads the company's own keys for the stores; null where they rest under Azure's keys."
  type        = string
}

variable "endpoint" {
  description = "Where the private endpoint stands and which zone its name is written into."
  type = object({
    subnet_id = string
    zone_ids  = list(string)
  })
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

