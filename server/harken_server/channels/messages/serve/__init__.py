"""Replies, and the hooks of carriers."""
