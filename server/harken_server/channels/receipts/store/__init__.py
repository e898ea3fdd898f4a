"""What is kept of stores, tills and places."""
