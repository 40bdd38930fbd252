"""The outside world: Teams, Azure OpenAI, Microsoft Graph, PostgreSQL."""
