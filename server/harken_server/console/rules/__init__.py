"""What home says, from numbers alone."""
