# Production: the only public name is the gateway's, two regions for the models, three zones for the rest.

subscription_id  = "00000000-0000-0000-0000-000000000000"
tenant_id        = "00000000-0000-0000-0000-000000000000"
location         = "swedencentral"
hostname         = "bot.contoso.com"
tags             = { stage = "prod" }
sharepoint_hosts = ["contoso.sharepoint.com", "contoso-my.sharepoint.com"]
alert_mail       = ["parley-operations@contoso.com"]
budget           = { amount = 4000, start = "2027-01-01" }
office_hours     = { zone = "Europe/Stockholm", from = 8, until = 17 }
repository       = "contoso/parley"

database_administrators = {
  object_id = "00000000-0000-0000-0000-000000000000"
  name      = "parley-database-administrators"
}

# Both in the EU: what is answered by the second leaves the data zone as little as what is answered by the first. Check
# that both regions offer the model in this version and kind, and look up its day of retirement.
data_residency = "data_zone"
openai_regions = ["swedencentral", "germanywestcentral"]
openai_deployments = {
  "gpt-5.6-luna" = { model = "gpt-5.6-luna", version = "2026-07-09", retires = "2027-07-09", capacity = 200 }
}
