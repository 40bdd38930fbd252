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

variable "hostname" {
  description = "The public name that Teams calls; its DNS record is made by the company."
  type        = string
}

variable "certificate" {
  description = "Address of the certificate in the vault, without a version: a renewed one is fetched by itself."
  type        = string
}

variable "identity_id" {
  description = "The identity that reads the certificate."
  type        = string
}

variable "subnet_id" {
  description = "The subnet that is the gateway's own."
  type        = string
}

variable "backend" {
  description = "The web app's name, which resolves to its private endpoint inside the network."
  type        = string
}

variable "zones" {
  description = "Zones of the region to stand in; empty where it has none."
  type        = list(string)
}

variable "capacity" {
  description = "How many units stand at least and at most."
  type = object({
    least = number
    most  = number
  })
}

variable "requests_per_minute" {
  description = "How many requests are let through in a minute, from everybody together; Teams calls from few addresses."
  type        = number
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

