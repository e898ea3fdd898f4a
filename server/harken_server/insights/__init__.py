"""The numbers room: scores, trends, distributions and comments, read from the counts."""
