"""Numbers from counts alone."""
