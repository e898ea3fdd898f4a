"""What owners manage: people, keys, settings, workspaces, and the audit log."""
