"""A sample workspace for the demo: plausible, deterministic, and marked as sample data."""
