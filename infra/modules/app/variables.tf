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

variable "plan" {
  description = "The plan: its size, how many instances serve at least and at most, whether they stand in several zones, and an isolated environment to stand in, if any."
  type = object({
    sku            = string
    least          = number
    most           = number
    zone_redundant = bool
    environment_id = string
  })
}

variable "public" {
  description = "Whether the web app's own door is open, narrowed to the sources below; only for trials without a gateway."
  type        = bool
}

variable "sources" {
  description = "Who may knock where the door is open: address ranges and service tags that Teams calls from."
  type = object({
    prefixes = list(string)
    tags     = list(string)
  })
}

variable "deployment_addresses" {
  description = "Address ranges that may deploy code from outside, where the door is open."
  type        = list(string)
}

variable "builds" {
  description = "Whether Azure builds the app when it is deployed; otherwise the package brings its libraries along."
  type        = bool
}

variable "identity_id" {
  description = "The identity that the app runs as."
  type        = string
}

variable "subnet_id" {
  description = "The subnet through which the app calls out."
  type        = string
}

variable "settings" {
  description = "The settings of docs/settings.md; none of them is a secret."
  type        = map(string)
}

variable "staging_settings" {
  description = "The settings that differ in the staging slot, and stay there when the slots are swapped."
  type        = map(string)
}

variable "deployer" {
  description = "Who may deploy: the pipeline's identity; null where there is none."
  type        = object({ principal_id = string })
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

variable "insights_id" {
  description = "Application Insights, where the bot says how long its oldest message has waited."
  type        = string
}
