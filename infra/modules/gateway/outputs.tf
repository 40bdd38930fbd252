output "id" {
  description = "The gateway."
  value       = azurerm_application_gateway.door.id
}

output "address" {
  description = "The public address that the company's DNS record for the bot's name leads to."
  value       = azurerm_public_ip.gateway.ip_address
}
