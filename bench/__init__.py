"""Measures: one module a measure, every rate beside a baseline taken in the same run."""
