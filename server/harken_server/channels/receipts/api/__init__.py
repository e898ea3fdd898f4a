"""The keyed API of stores, tills and places."""
