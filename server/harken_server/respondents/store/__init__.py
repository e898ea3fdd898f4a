"""What is kept of respondents."""
