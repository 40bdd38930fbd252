# Who and where. The network's variables, the models' and the sizes stand in the files beside this one.

variable "subscription_id" {
  description = "The Azure subscription that everything is made in."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "subscription_id is an id: 8-4-4-4-12 digits 0-9 and a-f."
  }
}

variable "tenant_id" {
  description = "The Entra tenant of the company; only its people may use the bot."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.tenant_id))
    error_message = "tenant_id is an id: 8-4-4-4-12 digits 0-9 and a-f."
  }
}

variable "environment" {
  description = "Which Azure: public or usgovernment. Every name, zone and address that differs follows from it."
  type        = string
  default     = "public"

  validation {
    condition     = contains(["public", "usgovernment"], var.environment)
    error_message = "environment is public or usgovernment."
  }
}

variable "location" {
  description = "Azure region of everything but the models' accounts (openai_regions) and the bot registration, which is global."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]+$", var.location))
    error_message = "location is the region's short name, such as swedencentral."
  }
}

variable "name" {
  description = "Short name that all resources begin or end with."
  type        = string
  default     = "parley"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,13}$", var.name))
    error_message = "name has 3 to 14 lower-case letters and digits and begins with a letter."
  }
}

variable "suffix" {
  description = "What makes names unique that must be so in the whole world; empty derives five characters from subscription and name."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[a-z0-9]{0,5}$", var.suffix))
    error_message = "suffix has at most 5 lower-case letters and digits."
  }
}

variable "tags" {
  description = "Tags on every resource that takes them, such as whom the costs belong to."
  type        = map(string)
  default     = {}
}

variable "microsoft_app_id" {
  description = "Client id of an app registration that somebody made by hand (docs/registration.md); empty makes it here, for which you need Application Administrator in Entra."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$", var.microsoft_app_id))
    error_message = "microsoft_app_id is an id, or empty."
  }
}

variable "sign_in_subject" {
  description = "Subject that the token service signs in with, as the portal shows it when the sign-in connection is made (docs/registration.md, step 5); empty until then."
  type        = string
  default     = ""

  validation {
    condition     = var.sign_in_subject == "" || startswith(var.sign_in_subject, "/eid1/")
    error_message = "sign_in_subject begins with /eid1/."
  }
}

variable "database_administrators" {
  description = "Entra group that may administer the database. Nobody else has standing access to it."
  type = object({
    object_id = string
    name      = string
  })
}

variable "repository" {
  description = "owner/name of the GitHub repository whose pipelines plan and deploy; empty makes no identities for them."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([\\w.-]+/[\\w.-]+)?$", var.repository))
    error_message = "repository is owner/name, without a wildcard."
  }
}

variable "admin" {
  description = "A bastion and a machine behind it, for administrators and a pipeline's runner; null makes none. hosts are further ones that only the machine may call, each with its reason: Terraform's registry to apply from it, GitHub's for a runner."
  type = object({
    ssh_public_key = string
    size           = optional(string, "Standard_D2s_v5")
    hosts          = optional(map(string), {})
    shutdown       = optional(object({ time = string, zone = string }), { time = "1900", zone = "UTC" })
  })
  default = null

  validation {
    condition     = var.admin == null || can(regex("^([01][0-9]|2[0-3])[0-5][0-9]$", var.admin.shutdown.time))
    error_message = "admin.shutdown.time is HHMM."
  }
}
