"""The keyed JSON API."""
