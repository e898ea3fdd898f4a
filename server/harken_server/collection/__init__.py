"""A submission becomes a stored response."""
