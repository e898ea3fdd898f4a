"""Invitations: codes, links, and opening them."""
