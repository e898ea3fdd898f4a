"""What can be said of mail from values alone."""
