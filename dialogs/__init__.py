"""What the assistant does for a person. Knows no Teams, no Azure and no database."""
