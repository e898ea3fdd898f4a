"""The results page: pure rendering of numbers into HTML, SVG and CSV."""
