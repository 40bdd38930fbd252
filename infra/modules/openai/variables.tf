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

variable "region" {
  description = "Azure region of this account."
  type        = string
}

variable "suffix" {
  description = "What follows the account's name in its address, in this cloud."
  type        = string
}

variable "deployments" {
  description = "Deployments by name: model, version, kind, capacity, and the day the model is retired."
  type = map(object({
    model    = string
    version  = string
    sku      = string
    capacity = number
    retires  = string
  }))
}

variable "principal_id" {
  description = "Who may call the models: the bot's identity."
  type        = string
}

variable "blocklist" {
  description = "Whether there is a list of words that the company never wants, filled in the portal."
  type        = bool
}

variable "endpoint" {
  description = "Where the private endpoint stands and which zone its name is written into."
  type = object({
    subnet_id = string
    zone_ids  = list(string)
  })
}

variable "cmk" {
  description = "The company's own key for what rests here, and who reads it; null leaves the key to Azure."
  type = object({
    key_id    = string
    identity  = string
    client_id = string
  })
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

