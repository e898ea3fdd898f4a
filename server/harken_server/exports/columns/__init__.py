"""Which columns a file has, and what they hold."""
