"""What a file is, and what its rows say: pure."""
