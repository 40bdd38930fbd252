# What Entra would answer about Graph: the ids of the permissions are made up.

mock_data "azuread_service_principal" {
  defaults = {
    client_id = "00000003-0000-0000-c000-000000000000"
    oauth2_permission_scope_ids = {
      "openid"                  = "00000000-0000-0000-0000-000000000011"
      "profile"                 = "00000000-0000-0000-0000-000000000012"
      "offline_access"          = "00000000-0000-0000-0000-000000000013"
      "User.Read"               = "00000000-0000-0000-0000-000000000014"
      "Team.ReadBasic.All"      = "00000000-0000-0000-0000-000000000015"
      "Channel.ReadBasic.All"   = "00000000-0000-0000-0000-000000000016"
      "ChannelMessage.Read.All" = "00000000-0000-0000-0000-000000000017"
      "Chat.Read"               = "00000000-0000-0000-0000-000000000018"
      "Files.Read.All"          = "00000000-0000-0000-0000-000000000019"
    }
  }
}
