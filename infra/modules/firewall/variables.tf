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

variable "subnet_id" {
  description = "The subnet that is the firewall's own."
  type        = string
}

variable "guarded" {
  description = "The subnets whose way out leads through the firewall, by name."
  type        = map(string)
}

variable "hosts" {
  description = "The hosts that may be called, by name: why, and from which address ranges; everything else is refused."
  type        = map(object({ why = string, sources = list(string) }))

  validation {
    condition     = alltrue([for host in keys(var.hosts) : host != "*" && !contains(["*.com", "*.net", "*.trafficmanager.net", "*.azurewebsites.net"], host)])
    error_message = "Name hosts, not domains in which anybody can register one."
  }
}

variable "premium" {
  description = "Whether the firewall also looks for known attacks (Premium); Standard otherwise."
  type        = bool
}

variable "zones" {
  description = "Zones of the region to stand in; empty where it has none."
  type        = list(string)
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

