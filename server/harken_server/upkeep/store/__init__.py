"""Reads of everything, bulk loads, and questions that only SQL can answer."""
