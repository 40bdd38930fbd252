# A way in for administrators and for a pipeline's runner: no public address, no password, gone every evening.

resource "azurerm_public_ip" "bastion" {
  name                = "pip-${var.place.name}-bastion"
  resource_group_name = var.place.group
  location            = var.place.location
  allocation_method   = "Static"
  sku                 = "Standard"
  tags                = var.place.tags
}

resource "azurerm_bastion_host" "way" {
  name                   = "bas-${var.place.name}"
  resource_group_name    = var.place.group
  location               = var.place.location
  sku                    = "Standard"
  tunneling_enabled      = true
  copy_paste_enabled     = false
  file_copy_enabled      = false
  shareable_link_enabled = false
  tags                   = var.place.tags

  ip_configuration {
    name                 = "way"
    subnet_id            = var.bastion_subnet_id
    public_ip_address_id = azurerm_public_ip.bastion.id
  }
}

resource "azurerm_network_interface" "machine" {
  name                = "nic-${var.place.name}-admin"
  resource_group_name = var.place.group
  location            = var.place.location
  tags                = var.place.tags

  ip_configuration {
    name                          = "inside"
    subnet_id                     = var.machine_subnet_id
    private_ip_address_allocation = "Dynamic"
  }
}

resource "azurerm_linux_virtual_machine" "machine" {
  # checkov:skip=CKV_AZURE_50:The one extension is Entra's sign-in, which replaces keys of people.
  name                  = "vm-${var.place.name}-admin"
  resource_group_name   = var.place.group
  location              = var.place.location
  size                  = var.size
  network_interface_ids = [azurerm_network_interface.machine.id]

  admin_username                  = "parley"
  disable_password_authentication = true
  encryption_at_host_enabled      = true
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  patch_mode                      = "AutomaticByPlatform"
  patch_assessment_mode           = "AutomaticByPlatform"

  admin_ssh_key {
    username   = "parley"
    public_key = var.ssh_public_key
  }

  identity {
    type = "SystemAssigned"
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }

  tags = var.place.tags
}

# Sign-in with Entra. Who may is a role that people hold for an hour at a time (Virtual Machine User Login by PIM); no
# standing assignment is made here.
resource "azurerm_virtual_machine_extension" "sign_in" {
  name                       = "AADSSHLoginForLinux"
  virtual_machine_id         = azurerm_linux_virtual_machine.machine.id
  publisher                  = "Microsoft.Azure.ActiveDirectory"
  type                       = "AADSSHLoginForLinux"
  type_handler_version       = "1.0"
  auto_upgrade_minor_version = true
  tags                       = var.place.tags
}

resource "azurerm_dev_test_global_vm_shutdown_schedule" "evening" {
  virtual_machine_id    = azurerm_linux_virtual_machine.machine.id
  location              = var.place.location
  enabled               = true
  daily_recurrence_time = var.shutdown.time
  timezone              = var.shutdown.zone
  tags                  = var.place.tags

  notification_settings {
    enabled = false
  }
}

resource "azurerm_monitor_diagnostic_setting" "way" {
  name                       = "to-logs"
  target_resource_id         = azurerm_bastion_host.way.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "address" {
  name                       = "to-logs"
  target_resource_id         = azurerm_public_ip.bastion.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "machine" {
  name                       = "to-logs"
  target_resource_id         = azurerm_linux_virtual_machine.machine.id
  log_analytics_workspace_id = var.workspace_id

  enabled_metric {
    category = "AllMetrics"
  }
}
