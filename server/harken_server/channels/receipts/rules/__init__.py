"""What can be said of receipts from values alone."""
