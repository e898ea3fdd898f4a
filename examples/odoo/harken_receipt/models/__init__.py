"""The settings of a point of sale."""

from . import pos_config, res_config_settings
