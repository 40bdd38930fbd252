# A trial: cheap, without a gateway and a firewall, one region, no standby. The models, the database, the storage and
# the vault are as closed as in production; only the web app has a door, for the addresses that Teams calls from.

subscription_id  = "00000000-0000-0000-0000-000000000000"
tenant_id        = "00000000-0000-0000-0000-000000000000"
location         = "swedencentral"
name             = "parleydev"
tags             = { stage = "dev" }
sharepoint_hosts = ["contoso.sharepoint.com", "contoso-my.sharepoint.com"]
alert_mail       = ["parley-dev@contoso.com"]
budget           = { amount = 400, start = "2027-01-01" }
office_hours     = { zone = "Europe/Stockholm", from = 8, until = 17 }

database_administrators = {
  object_id = "00000000-0000-0000-0000-000000000000"
  name      = "parley-database-administrators"
}

public_network_access_enabled = true
ingress_mode                  = "app_service_restricted"
egress_mode                   = "nat"
watched_from_outside          = false
zones                         = []

openai_regions = ["swedencentral"]
openai_deployments = {
  "gpt-5.6-luna" = { model = "gpt-5.6-luna", version = "2026-07-09", retires = "2027-07-09", capacity = 20 }
}

plan                = { sku = "P0v3", least = 1, most = 1, zone_redundant = false }
database            = { sku = "B_Standard_B2s", storage_mb = 32768, zone_redundant = false, geo_backup = false }
storage_replication = "LRS"
bot_sku             = "F0"
log_retention_days  = 30
