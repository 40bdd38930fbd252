"""What a company installs: the Teams app package and the infrastructure."""
