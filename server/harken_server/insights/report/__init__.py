"""Several surveys on one page, to be printed."""
