"""Posters and sheets of labels, laid out once: as PDF, and as a page for the browser to print."""
