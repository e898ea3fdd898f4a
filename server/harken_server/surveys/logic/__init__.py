"""The way through a survey: conditions, routes, pages and placeholders."""
