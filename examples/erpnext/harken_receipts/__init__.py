"""Signed survey codes on the receipts of ERPNext's point of sale."""

__version__ = "0.1.0"
