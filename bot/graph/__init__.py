"""Microsoft Graph: reading the messages of channels, threads and group chats."""
