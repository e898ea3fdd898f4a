"""Responses: the one way in, and what is kept."""
