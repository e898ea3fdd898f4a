"""A definition file becomes a published, unchangeable version."""
