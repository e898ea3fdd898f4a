"""What people with a browser see of a failure."""
