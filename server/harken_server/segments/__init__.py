"""Saved segments and personas: named filters over people and what they answered."""
