"""The field on the settings page."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the chosen point of sale."""

    _inherit = "res.config.settings"

    pos_harken_till = fields.Char(related="pos_config_id.harken_till", readonly=False)
