"""The migration chain: additive files that run alike on SQLite and PostgreSQL."""
