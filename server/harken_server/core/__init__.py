"""Pure rules: what a survey is, whether answers fit it, what the numbers say. No I/O."""
