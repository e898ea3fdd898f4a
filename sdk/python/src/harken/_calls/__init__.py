"""Requests as values, and how their answers are read: all of it without I/O."""
