"""Rows leaving the building: what a file holds, and its bytes."""
