"""How responses are stored, read and set apart."""
