"""What is kept of workspaces and keys."""
