"""The panels of the results page: each what a template shows of one part of the view."""
