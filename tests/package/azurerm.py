"""The arguments of the resources we use, as the provider azurerm 5.10 knows them.

Only what this configuration uses stands here; `*` marks what a resource cannot do without, and a dot leads into a
block. A new argument is added here after a look at the provider's own page for that resource.
"""

ARGUMENTS: dict[str, str] = {
    "azurerm_bot_channel_ms_teams": "bot_name* calling_enabled location* resource_group_name*",
    "azurerm_bot_service_azure_bot": (
        "display_name endpoint local_authentication_enabled location* microsoft_app_id* "
        "microsoft_app_tenant_id microsoft_app_type* name* public_network_access_enabled resource_group_name* "
        "sku* streaming_endpoint_enabled tags"
    ),
    "azurerm_cognitive_account": (
        "custom_subdomain_name kind* local_auth_enabled location* name* network_acls "
        "outbound_network_access_restricted public_network_access_enabled resource_group_name* sku_name* tags "
        "network_acls.bypass network_acls.default_action"
    ),
    "azurerm_cognitive_deployment": (
        "cognitive_account_id* model name* sku version_upgrade_option model.format model.name model.version "
        "sku.capacity sku.name"
    ),
    "azurerm_linux_web_app": (
        "app_settings client_affinity_enabled ftp_publish_basic_authentication_enabled https_only identity "
        "location* name* public_network_access_enabled resource_group_name* service_plan_id* site_config tags "
        "virtual_network_subnet_id webdeploy_publish_basic_authentication_enabled identity.identity_ids "
        "identity.type site_config.always_on site_config.app_command_line site_config.application_stack "
        "site_config.application_stack.python_version site_config.ftps_state "
        "site_config.health_check_eviction_time_in_min site_config.health_check_path "
        "site_config.http2_enabled site_config.ip_restriction site_config.ip_restriction.action "
        "site_config.ip_restriction.ip_address site_config.ip_restriction.name "
        "site_config.ip_restriction.priority site_config.ip_restriction.service_tag "
        "site_config.ip_restriction_default_action site_config.minimum_tls_version "
        "site_config.scm_ip_restriction site_config.scm_ip_restriction.action "
        "site_config.scm_ip_restriction.ip_address site_config.scm_ip_restriction.name "
        "site_config.scm_ip_restriction.priority site_config.scm_ip_restriction_default_action "
        "site_config.scm_minimum_tls_version site_config.vnet_route_all_enabled"
    ),
    "azurerm_log_analytics_workspace": (
        "local_authentication_enabled location* name* resource_group_name* retention_in_days sku tags"
    ),
    "azurerm_monitor_diagnostic_setting": (
        "enabled_log enabled_metric log_analytics_workspace_id name* target_resource_id* enabled_log.category "
        "enabled_metric.category"
    ),
    "azurerm_postgresql_flexible_server": (
        "authentication auto_grow_enabled backup_retention_days geo_redundant_backup_enabled "
        "high_availability location* name* public_network_access_enabled resource_group_name* sku_name "
        "storage_mb tags version authentication.active_directory_auth_enabled "
        "authentication.password_auth_enabled authentication.tenant_id high_availability.mode"
    ),
    "azurerm_postgresql_flexible_server_active_directory_administrator": (
        "object_id* principal_name* principal_type* resource_group_name* server_name* tenant_id*"
    ),
    "azurerm_postgresql_flexible_server_configuration": "name* server_id* value*",
    "azurerm_postgresql_flexible_server_database": "charset collation name* server_id*",
    "azurerm_private_dns_zone": "name* resource_group_name* tags",
    "azurerm_private_dns_zone_virtual_network_link": "name* private_dns_zone_id* tags virtual_network_id*",
    "azurerm_private_endpoint": (
        "location* name* private_dns_zone_group private_service_connection resource_group_name* subnet_id* "
        "tags private_dns_zone_group.name private_dns_zone_group.private_dns_zone_ids "
        "private_service_connection.is_manual_connection private_service_connection.name "
        "private_service_connection.private_connection_resource_id "
        "private_service_connection.subresource_names"
    ),
    "azurerm_resource_group": "location* name* tags",
    "azurerm_role_assignment": "principal_id* principal_type role_definition_name scope*",
    "azurerm_service_plan": (
        "location* name* os_type* resource_group_name* sku_name* tags worker_count zone_balancing_enabled"
    ),
    "azurerm_subnet": (
        "address_prefixes default_outbound_access_enabled delegation name* private_endpoint_network_policies "
        "resource_group_name* virtual_network_name* delegation.name delegation.service_delegation "
        "delegation.service_delegation.actions delegation.service_delegation.name"
    ),
    "azurerm_user_assigned_identity": "location* name* resource_group_name* tags",
    "azurerm_virtual_network": "address_space location* name* resource_group_name* tags",
}
