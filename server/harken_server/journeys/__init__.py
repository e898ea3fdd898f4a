"""Journeys: stages, and the touchpoints on them."""
