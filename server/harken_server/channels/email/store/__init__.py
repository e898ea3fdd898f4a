"""What is kept of mail."""
