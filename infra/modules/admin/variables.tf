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

variable "bastion_subnet_id" {
  description = "The subnet that is the bastion's own."
  type        = string
}

variable "machine_subnet_id" {
  description = "The subnet that the machine stands in."
  type        = string
}

variable "ssh_public_key" {
  description = "Public half of the key for the machine's local account, which nobody needs: people sign in with Entra."
  type        = string
}

variable "size" {
  description = "Size of the machine."
  type        = string
}

variable "shutdown" {
  description = "When the machine is shut down every day: time as HHMM and the time zone's Windows name."
  type = object({
    time = string
    zone = string
  })
}

variable "workspace_id" {
  description = "Log Analytics workspace that the diagnostics go to."
  type        = string
}

