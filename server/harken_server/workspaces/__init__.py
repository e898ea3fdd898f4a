"""Workspaces, their keys, and who calls."""
