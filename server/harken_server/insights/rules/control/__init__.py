"""Control charts: which points of a trend are out of what is usual, and why."""
