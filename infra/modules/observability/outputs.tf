output "workspace_id" {
  description = "The workspace, made here or brought along."
  value       = local.workspace_id
}

output "insights_id" {
  description = "Where the bot's own figures are kept, for whatever is decided by them."
  value       = azurerm_application_insights.parley.id
}

output "workbook_id" {
  description = "The workbook to look at."
  value       = azurerm_application_insights_workbook.parley.id
}

output "connection_string" {
  description = "Names the place of the telemetry; it opens nothing, because only a token does. The provider marks it sensitive."
  value       = azurerm_application_insights.parley.connection_string
  sensitive   = true
}
