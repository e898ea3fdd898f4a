"""Survey files: from bytes to a definition, with every problem at once."""
