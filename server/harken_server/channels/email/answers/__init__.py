"""Answers given from a message."""
