"""Segments for people of the house."""
