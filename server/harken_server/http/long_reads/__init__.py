"""Exports and other long reads: their turns, and how they are sent."""
