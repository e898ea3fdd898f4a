"""A survey code on the receipts of Odoo's point of sale."""

from . import models
