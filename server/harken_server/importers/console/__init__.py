"""The pages on which files are taken in."""
