"""What a customer sees who types a receipt's number instead of scanning it."""
