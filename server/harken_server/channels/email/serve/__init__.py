"""Pages and hooks of mail."""
