output "id" {
  description = "The account."
  value       = azurerm_cognitive_account.openai.id
}

output "address" {
  description = "Where the models answer. The name is public, what it resolves to is not."
  value       = "https://${azurerm_cognitive_account.openai.custom_subdomain_name}.${var.suffix}"
}
