"""The keyed API of asking."""
