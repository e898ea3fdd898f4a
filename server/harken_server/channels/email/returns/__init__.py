"""What comes back of messages."""
