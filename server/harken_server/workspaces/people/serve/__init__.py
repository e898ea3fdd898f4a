"""Public pages: coming in, going out, and the links that are used once."""
