"""The restore drill: a database is destroyed under load and restored from its backup, and what was lost is counted."""
