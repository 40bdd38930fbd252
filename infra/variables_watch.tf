variable "log_analytics_workspace_id" {
  description = "A Log Analytics workspace that the company has already; null makes one."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "How long logs are kept in Log Analytics."
  type        = number
  default     = 90

  validation {
    condition     = contains([30, 60, 90, 120, 180, 270, 365, 550, 730], var.log_retention_days)
    error_message = "log_retention_days is 30, 60, 90, 120, 180, 270, 365, 550 or 730."
  }
}

variable "private_monitor" {
  description = "Whether telemetry too goes through a private endpoint; the names of Azure Monitor then change for the whole network, also for others in it."
  type        = bool
  default     = false
}

variable "alert_mail" {
  description = "Who is told when something is wrong or dear; people or, better, a mailbox that is watched."
  type        = list(string)

  validation {
    condition     = length(var.alert_mail) > 0 && alltrue([for mail in var.alert_mail : strcontains(mail, "@")])
    error_message = "alert_mail names at least one address."
  }
}

variable "budget" {
  description = "What a month may cost in the subscription's currency, and the first day of the first month; told at 80, 100 and a forecast 110 per cent. null watches nothing."
  type = object({
    amount = number
    start  = string
  })

  validation {
    condition     = var.budget == null || can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])-01$", var.budget.start))
    error_message = "budget.start is the first day of a month, such as 2027-01-01."
  }
}

variable "office_hours" {
  description = "When people work, Monday to Friday: a quarter of an hour without any message is a fault then. The zone is an IANA name."
  type = object({
    zone  = optional(string, "Etc/UTC")
    from  = optional(number, 8)
    until = optional(number, 17)
  })
  default = {}

  validation {
    condition     = can(regex("^[A-Za-z]+(/[A-Za-z_+-]+[0-9]*)*$", var.office_hours.zone))
    error_message = "office_hours.zone is the name of a time zone, such as Europe/Stockholm."
  }

  validation {
    condition     = var.office_hours.from >= 0 && var.office_hours.from < var.office_hours.until && var.office_hours.until <= 24
    error_message = "office_hours.from and until are hours of one day, 0 to 24, the first before the second."
  }
}
