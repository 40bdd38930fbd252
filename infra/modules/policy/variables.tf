variable "group_id" {
  description = "The resource group that the rules hold for."
  type        = string
}

variable "readable" {
  description = "The resource groups that changes are planned for, by name."
  type        = map(string)
}

variable "enforced" {
  description = "Whether a change against the rules is refused; otherwise it is only reported."
  type        = bool
}

variable "locked" {
  description = "What cannot be deleted before its lock is, by name."
  type        = map(string)
}

variable "reader" {
  description = "Who may look at everything to plan changes: the planning pipeline's identity; null where there is none."
  type        = object({ principal_id = string })
}
