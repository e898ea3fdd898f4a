"""Share: the ways by which people come to a survey, each with what to copy."""
