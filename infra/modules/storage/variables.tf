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

variable "replication" {
  description = "How often what is stored is kept, and where: ZRS in three zones, GZRS in a second region too, LRS for trials."
  type        = string
}

variable "export_days" {
  description = "Days after which a person's export is deleted."
  type        = number
}

variable "bot_principal_id" {
  description = "Who writes exports: the bot's identity."
  type        = string
}

variable "deployer" {
  description = "Who stores packages: the deploying pipeline's identity; null where there is none."
  type        = object({ principal_id = string })
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

