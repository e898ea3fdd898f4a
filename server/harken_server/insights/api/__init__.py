"""The keyed API of numbers."""
