"""Programmes: a list of respondents asked wave by wave."""
