"""Lists of recipients for other mail services."""
