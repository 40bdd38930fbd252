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

variable "existing_workspace_id" {
  description = "A Log Analytics workspace that the company has already; null makes one."
  type        = string
}

variable "retention_days" {
  description = "How long logs are kept."
  type        = number
}

variable "publisher_id" {
  description = "Who may send telemetry: the bot's identity."
  type        = string
}

variable "private_monitor" {
  description = "Whether telemetry too goes through a private endpoint; it changes the names of Azure Monitor for the whole network."
  type        = bool
}

variable "mail" {
  description = "Who is told when something is wrong or dear."
  type        = list(string)
}

variable "budget" {
  description = "What a month may cost, in the subscription's currency, and the first day of the first such month."
  type = object({
    amount = number
    start  = string
  })
}

variable "office_hours" {
  description = "When people work: silence in these hours is a fault. Time zone, and the hours of Monday to Friday it begins and ends with."
  type = object({
    zone  = string
    from  = number
    until = number
  })
}

variable "subscription_id" {
  description = "The subscription that both resource groups are in."
  type        = string
}

variable "group_id" {
  description = "The resource group that is Parley's."
  type        = string
}

variable "network_group_id" {
  description = "The resource group of its network: its changes are watched and its costs counted too, the firewall being the dearest of all."
  type        = string
}

variable "probe" {
  description = "Address that is asked from outside every five minutes, to watch name, way and certificate; empty asks nothing."
  type        = string
}

variable "metric_alerts" {
  description = "What to say when a figure of a resource leaves its range, by a short name."
  type = map(object({
    says      = string
    scope     = string
    namespace = string
    metric    = string
    how       = string
    operator  = string
    threshold = number
    severity  = number
  }))
}

variable "endpoint" {
  description = "Where the private endpoint stands and which zone its name is written into."
  type = object({
    subnet_id = string
    zone_ids  = list(string)
  })
}

