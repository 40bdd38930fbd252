output "zone_ids" {
  description = "The zones' ids by what they are for, made here or brought along."
  value       = merge({ for key, zone in azurerm_private_dns_zone.private : key => zone.id }, var.existing)
}
