"""What decides, from facts alone."""
