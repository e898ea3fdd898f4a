"""How responses are read for a file."""
