output "address" {
  description = "The address that Parley is seen with from outside."
  value       = azurerm_public_ip.out.ip_address
}
