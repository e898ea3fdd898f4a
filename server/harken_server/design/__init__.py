"""How pages look: the templates' environment."""
