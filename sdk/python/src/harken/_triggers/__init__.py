"""Triggers on their way to the server, for a caller who waits and for one who does not."""
