"""The keyed API of surveys."""
