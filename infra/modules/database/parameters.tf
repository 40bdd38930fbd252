# The server's own log never holds what somebody said: not the statement that failed, and not its values.
resource "azurerm_postgresql_flexible_server_configuration" "silent" {
  for_each = {
    log_statement                           = "none"
    log_min_error_statement                 = "panic"
    log_min_duration_statement              = "-1"
    log_error_verbosity                     = "terse" # DETAIL quotes the row that broke a rule
    log_parameter_max_length                = "0"
    log_parameter_max_length_on_error       = "0"
    "pg_qs.query_capture_mode"              = "none"
    "pgms_wait_sampling.query_capture_mode" = "none"
  }

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.parley.id
  value     = each.value
}

# Who signed in and who changed tables or roles is written down, without any value.
resource "azurerm_postgresql_flexible_server_configuration" "watchful" {
  for_each = {
    require_secure_transport = "on"
    ssl_min_protocol_version = "TLSv1.2"
    log_connections          = "on"
    log_disconnections       = "on"
    log_checkpoints          = "on"
    "azure.extensions"       = "pgaudit"
    shared_preload_libraries = "pgaudit"
    "pgaudit.log"            = "ddl,role"
    "pgaudit.log_parameter"  = "off"
    "pgaudit.log_catalog"    = "off"
  }

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.parley.id
  value     = each.value
}

# Many commits at once wait 0.3 ms for one another and share one write to the disk: nearly twice the turns a second.
resource "azurerm_postgresql_flexible_server_configuration" "together" {
  for_each = {
    commit_delay    = "300"
    commit_siblings = "3"
  }

  name      = each.key
  server_id = azurerm_postgresql_flexible_server.parley.id
  value     = each.value
}
