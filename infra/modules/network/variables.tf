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

variable "address_space" {
  description = "Address range of the virtual network, at least a /23: seven subnets of an eighth each."
  type        = string
}

variable "gateway_sources" {
  description = "Address ranges and service tags that may reach the gateway on 443."
  type = object({
    prefixes = list(string)
    tags     = list(string)
  })
}

variable "firewall" {
  description = "Whether there is a subnet for the egress firewall."
  type        = bool
}

variable "nat" {
  description = "Whether the app leaves through a NAT gateway, where there is no firewall."
  type        = bool
}

variable "admin" {
  description = "Whether there are subnets for the bastion and the machine behind it."
  type        = bool
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

