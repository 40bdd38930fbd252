output "machine" {
  description = "The machine's name, to connect to by the bastion."
  value       = azurerm_linux_virtual_machine.machine.name
}
