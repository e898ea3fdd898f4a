"""Harken: a self-hosted customer feedback server."""

__version__ = "0.1.0"
