"""PostgreSQL: a pool for queries, one connection that stores in groups."""
