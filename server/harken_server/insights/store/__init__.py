"""The counts and comments behind numbers."""
