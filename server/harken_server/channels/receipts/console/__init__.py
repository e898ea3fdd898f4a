"""Stores and tills in the console: made from a list, printed, renamed, closed."""
