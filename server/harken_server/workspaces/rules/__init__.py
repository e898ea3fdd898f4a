"""What can be said of callers from values alone."""
