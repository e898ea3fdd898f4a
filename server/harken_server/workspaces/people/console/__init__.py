"""Signed-in pages of a person about themself."""
