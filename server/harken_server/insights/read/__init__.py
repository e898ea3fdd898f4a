"""Numbers read for one survey."""
