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
  description = "The Entra tenant of the company."
  type        = string
}

variable "login" {
  description = "Entra's address in this cloud, without a closing slash."
  type        = string
}

variable "microsoft_app_id" {
  description = "Client id of an app registration made by hand; empty makes one here."
  type        = string
}

variable "sign_in_subject" {
  description = "Subject that the token service signs in with, as the portal shows it; empty leaves the step to hand."
  type        = string
}

variable "redirect" {
  description = "Where the sign-in page sends people back to."
  type        = string
}

variable "graph_scopes" {
  description = "What Parley may do in Graph together with a person's own rights."
  type        = list(string)
}

variable "repository" {
  description = "owner/name of the repository whose pipeline deploys; empty makes no identity for it."
  type        = string
}

variable "cmk" {
  description = "Whether there is an identity that reads the company's own encryption keys."
  type        = bool
}
