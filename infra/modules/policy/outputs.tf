output "rules" {
  description = "The rules that hold for the resource group, by name."
  value       = { for key, rule in local.rules : key => rule.says }
}
