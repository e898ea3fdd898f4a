"""What a point of sale signs its receipts with."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosConfig(models.Model):
    """A point of sale is one till: its line from Harken must be used by no other one."""

    _inherit = "pos.config"

    harken_till = fields.Char(
        string="Harken till",
        copy=False,
        help="The line that Harken gave when the till was made (hkr1.…). Empty prints no code.",
    )

    @api.constrains("harken_till")
    def _check_harken_till(self):
        """Refuse another till's text: two points of sale would print the same token."""
        for config in self.filtered("harken_till"):
            if not config.harken_till.strip().startswith("hkr1."):
                raise ValidationError("A till's line from Harken begins with hkr1.")
            number = ".".join(config.harken_till.strip().split(".")[:2]) + "."
            same = [("harken_till", "=like", f"{number}%"), ("id", "!=", config.id)]
            if self.sudo().search_count(same):
                raise ValidationError("Another point of sale prints with this till already.")
