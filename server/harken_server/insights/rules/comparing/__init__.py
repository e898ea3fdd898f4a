"""Scores beside one another: groups, times, ranks, targets."""
