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
  description = "The Entra tenant whose people and identities may sign in."
  type        = string
}

variable "administrators" {
  description = "Entra group that may administer the database. Nobody else has standing access to it."
  type = object({
    object_id = string
    name      = string
  })
}

variable "sku" {
  description = "Size of the server."
  type        = string
}

variable "storage_mb" {
  description = "Disk of the server in MB; it grows by itself."
  type        = number
}

variable "zone_redundant" {
  description = "Whether a standby waits in a second zone."
  type        = bool
}

variable "geo_backup" {
  description = "Whether backups are kept in the paired region too; it cannot be changed afterwards."
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

