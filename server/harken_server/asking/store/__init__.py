"""What is kept of decisions, touchpoints and their limits."""
