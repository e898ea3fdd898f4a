"""Feedback that nobody was asked for: reviews, social posts, call notes, tickets."""
