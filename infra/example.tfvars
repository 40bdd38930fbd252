subscription_id  = "00000000-0000-0000-0000-000000000000"
tenant_id        = "00000000-0000-0000-0000-000000000000"
microsoft_app_id = "00000000-0000-0000-0000-000000000000"
location         = "swedencentral"

database_administrators = {
  object_id = "00000000-0000-0000-0000-000000000000"
  name      = "parley-database-administrators"
}

# Check first that your region offers the model in this version and SKU.
openai_deployments = {
  "gpt-5.6-luna" = { model = "gpt-5.6-luna", version = "2026-07-09", sku = "DataZoneStandard" }
}
