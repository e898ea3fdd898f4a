"""SQLite: one writing thread with group commit, and threads that read."""
