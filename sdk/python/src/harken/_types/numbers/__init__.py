"""Scores, and what else is made of answers."""
