"""The keyed API of mail."""
