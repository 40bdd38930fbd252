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

variable "zones" {
  description = "The names of the private zones by what they are for; they differ between clouds."
  type        = map(string)
}

variable "existing" {
  description = "Ids of zones the company has already, by the same keys; these are used and not made, nor linked."
  type        = map(string)
}

variable "network_id" {
  description = "The virtual network in which the names are to resolve."
  type        = string
}
