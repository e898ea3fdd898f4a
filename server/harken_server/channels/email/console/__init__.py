"""Pages for people of the house."""
