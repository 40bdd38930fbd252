# Packages that were deployed, and what people asked to have exported. No key of the account works.

resource "azurerm_storage_account" "parley" {
  # checkov:skip=CKV_AZURE_33:No queue is used.
  # checkov:skip=CKV_AZURE_36:No service of Microsoft's needs a way in; the exception would be one.
  name                = "st${replace(var.place.unique, "-", "")}"
  resource_group_name = var.place.group
  location            = var.place.location

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication

  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  public_network_access_enabled     = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  infrastructure_encryption_enabled = true
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  allowed_copy_scope                = "PrivateLink"

  network_rules {
    default_action = "Deny"
    bypass         = ["None"]
  }

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 14
    }

    container_delete_retention_policy {
      days = 14
    }
  }

  # A token handed out lasts an hour at most and is logged; none can be signed with a key in any case.
  sas_policy {
    expiration_period = "00.01:00:00"
    expiration_action = "Block"
  }

  dynamic "identity" {
    for_each = var.cmk[*]

    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.identity]
    }
  }

  dynamic "customer_managed_key" {
    for_each = var.cmk[*]

    content {
      key_vault_key_id          = customer_managed_key.value.key_id
      user_assigned_identity_id = customer_managed_key.value.identity
    }
  }

  tags = var.place.tags
}

resource "azurerm_storage_container" "deploy" {
  # checkov:skip=CKV2_AZURE_21:Reads are logged by the diagnostic setting of the blob service, which covers every container.
  name                  = "deploy"
  storage_account_id    = azurerm_storage_account.parley.id
  container_access_type = "private"
}

resource "azurerm_storage_container" "exports" {
  # checkov:skip=CKV2_AZURE_21:Reads are logged by the diagnostic setting of the blob service, which covers every container.
  name                  = "exports"
  storage_account_id    = azurerm_storage_account.parley.id
  container_access_type = "private"
}

resource "azurerm_storage_management_policy" "exports" {
  storage_account_id = azurerm_storage_account.parley.id

  rule {
    name    = "exports-go"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["${azurerm_storage_container.exports.name}/"]
    }

    actions {
      base_blob {
        delete_after_days_since_creation_greater_than = var.export_days
      }

      version {
        delete_after_days_since_creation = var.export_days
      }
    }
  }
}

# On the container, not on the account: the bot cannot change what will be deployed.
resource "azurerm_role_assignment" "bot_writes_exports" {
  scope                = azurerm_storage_container.exports.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.bot_principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "pipeline_stores_packages" {
  count = var.deployer == null ? 0 : 1

  scope                = azurerm_storage_container.deploy.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.deployer.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_private_endpoint" "storage" {
  name                = "pe-${var.place.name}-storage"
  resource_group_name = var.place.group
  location            = var.place.location
  subnet_id           = var.endpoint.subnet_id
  tags                = var.place.tags

  private_service_connection {
    name                           = "storage"
    private_connection_resource_id = azurerm_storage_account.parley.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "storage"
    private_dns_zone_ids = var.endpoint.zone_ids
  }
}

# The account has metrics; its logs are those of its four services, each a resource of its own. Only blobs are used: whatever
# the other three write down is somebody who tries.
resource "azurerm_monitor_diagnostic_setting" "storage" {
  name                       = "to-logs"
  target_resource_id         = azurerm_storage_account.parley.id
  log_analytics_workspace_id = var.workspace_id

  enabled_metric {
    category = "Transaction"
  }
}

resource "azurerm_monitor_diagnostic_setting" "service" {
  for_each = toset(["blobServices", "queueServices", "tableServices", "fileServices"])

  name                       = "to-logs"
  target_resource_id         = "${azurerm_storage_account.parley.id}/${each.key}/default"
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "StorageRead"
  }

  enabled_log {
    category = "StorageWrite"
  }

  enabled_log {
    category = "StorageDelete"
  }
}
