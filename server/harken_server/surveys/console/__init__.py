"""Surveys in the console: found, begun, edited, published, and looked back on."""
