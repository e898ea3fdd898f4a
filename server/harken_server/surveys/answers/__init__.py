"""Answers checked against the version that was shown, and their typed rows."""
