"""PostgreSQL, the only truth; the only room that knows SQL."""
