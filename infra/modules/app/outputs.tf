output "id" {
  description = "The web app."
  value       = azurerm_linux_web_app.parley.id
}

output "plan_id" {
  description = "The plan that the web app runs on."
  value       = azurerm_service_plan.parley.id
}

output "name" {
  description = "The web app to deploy the code to."
  value       = azurerm_linux_web_app.parley.name
}

output "hostname" {
  description = "The web app's own name; where its door is shut it resolves inside the network only."
  value       = azurerm_linux_web_app.parley.default_hostname
}
