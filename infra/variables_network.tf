variable "public_network_access_enabled" {
  description = "Whether the web app may be reached without a gateway, by Teams' addresses alone: for trials. It never opens the models, the database, the storage or the vault."
  type        = bool
  default     = false
}

variable "ingress_mode" {
  description = "How Teams reaches the app: application_gateway, existing (a gateway of your own before the app's private endpoint), or app_service_restricted (trials)."
  type        = string
  default     = "application_gateway"

  validation {
    condition     = contains(["application_gateway", "existing", "app_service_restricted"], var.ingress_mode)
    error_message = "ingress_mode is application_gateway, existing or app_service_restricted."
  }

  validation {
    condition     = (var.ingress_mode == "app_service_restricted") == var.public_network_access_enabled
    error_message = "app_service_restricted goes with public_network_access_enabled = true, and nothing else does."
  }
}

variable "hostname" {
  description = "The public name that Teams calls, such as bot.contoso.com; the web app's own name with app_service_restricted."
  type        = string
  default     = ""

  validation {
    condition     = var.ingress_mode == "app_service_restricted" ? var.hostname == "" : can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.hostname))
    error_message = "hostname is a full name in small letters; leave it empty with app_service_restricted."
  }
}

variable "teams_sources" {
  description = "Where Teams calls from: address ranges as Microsoft publishes them, and service tags. A second fence: the signed token is the gate."
  type = object({
    prefixes = list(string)
    tags     = list(string)
  })
  default = {
    prefixes = ["52.112.0.0/14", "52.122.0.0/15"]
    tags     = ["AzureBotService"]
  }

  validation {
    condition     = length(var.teams_sources.prefixes) > 0 && alltrue([for prefix in var.teams_sources.prefixes : can(cidrhost(prefix, 0)) && try(tonumber(split("/", prefix)[1]) >= 8, false)])
    error_message = "teams_sources.prefixes are address ranges, at least one, none wider than a /8: two halves are the whole internet."
  }

  validation {
    condition     = alltrue([for tag in var.teams_sources.tags : can(regex("^[A-Za-z]+(\\.[A-Za-z0-9]+)?$", tag)) && !contains(["any", "internet", "azurecloud"], lower(split(".", tag)[0]))])
    error_message = "teams_sources.tags are service tags, and never *, Internet or AzureCloud, which everybody can call from."
  }
}

variable "watched_from_outside" {
  description = "Whether Azure's availability test may knock at the gateway too, to watch its name, certificate and chain."
  type        = bool
  default     = true
}

variable "zones" {
  description = "Zones of the region; empty where it has none."
  type        = list(string)
  default     = ["1", "2", "3"]

  validation {
    condition     = alltrue([for zone in var.zones : contains(["1", "2", "3"], zone)])
    error_message = "zones are 1, 2 and 3."
  }
}

variable "gateway" {
  description = "The gateway's units at least and at most, and how many requests a minute it lets through."
  type = object({
    least               = optional(number, 2)
    most                = optional(number, 5)
    requests_per_minute = optional(number, 12000)
  })
  default = {}

  validation {
    condition     = var.gateway.least >= 1 && var.gateway.most >= max(2, var.gateway.least) && var.gateway.most <= 125
    error_message = "gateway.least is at least 1, gateway.most at least 2 and at most 125."
  }
}

variable "address_space" {
  description = "Address range of the virtual network, a /23 or larger."
  type        = string
  default     = "10.60.0.0/23"

  validation {
    condition     = can(cidrsubnet(var.address_space, 3, 6)) && tonumber(split("/", var.address_space)[1]) <= 23
    error_message = "address_space is an address range of at least a /23, such as 10.60.0.0/23."
  }
}

variable "network" {
  description = "A virtual network that the company has already, with its subnets gateway, app (delegated to Microsoft.Web/serverFarms), endpoints, and as wanted firewall, bastion, admin; null makes one. Its rules are then yours."
  type = object({
    id           = string
    subnets      = map(string)
    app_ranges   = list(string)
    admin_ranges = optional(list(string), [])
  })
  default = null

  validation {
    condition = var.network == null || alltrue([for key in concat(
      ["app", "endpoints"],
      var.ingress_mode == "application_gateway" ? ["gateway"] : [],
      var.egress_mode == "firewall" ? ["firewall"] : [],
      var.admin == null ? [] : ["bastion", "admin"],
    ) : can(var.network.subnets[key])])
    error_message = "network.subnets names app and endpoints, and gateway, firewall, bastion and admin where these are wanted."
  }

  validation {
    condition     = var.network == null || var.egress_mode != "nat"
    error_message = "egress_mode nat is made in a network that is made here; in your own the way out is yours: existing, or firewall."
  }
}

variable "private_dns_zone_ids" {
  description = "Private DNS zones the company has already, by openai, app, database, blob, vault, monitor_0 to monitor_3; the others are made."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for id in values(var.private_dns_zone_ids) : strcontains(lower(id), "/privatednszones/")])
    error_message = "private_dns_zone_ids holds resource ids of private DNS zones."
  }
}

variable "egress_mode" {
  description = "How the app calls out: firewall (named hosts only), nat (one address, any host on 443), or existing (your network's own way)."
  type        = string
  default     = "firewall"

  validation {
    condition     = contains(["firewall", "nat", "existing"], var.egress_mode)
    error_message = "egress_mode is firewall, nat or existing."
  }
}

variable "firewall_premium" {
  description = "Whether the firewall also looks for known attacks; it costs about half as much again."
  type        = bool
  default     = false
}

variable "sharepoint_hosts" {
  description = "The tenant's own SharePoint hosts, contoso.sharepoint.com and contoso-my.sharepoint.com: where files are read from and sent to."
  type        = list(string)

  validation {
    condition     = length(var.sharepoint_hosts) > 0 && alltrue([for host in var.sharepoint_hosts : can(regex("^[a-z0-9-]+\\.sharepoint\\.(com|us)$", host))])
    error_message = "sharepoint_hosts names hosts under sharepoint.com or sharepoint.us, without a wildcard: those of other tenants are somebody else's."
  }
}

variable "more_hosts" {
  description = "Further hosts that may be called, each with its reason: for builds in Azure, or a telemetry receiver."
  type        = map(string)
  default     = {}
}

variable "deployment_addresses" {
  description = "Address ranges that may deploy code from outside, with app_service_restricted; otherwise the pipeline works inside the network."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.deployment_addresses : can(cidrhost(range, 0)) && try(tonumber(split("/", range)[1]) >= 8, false)])
    error_message = "deployment_addresses are address ranges, none wider than a /8: two halves are the whole internet."
  }
}
