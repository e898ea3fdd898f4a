"""What a journey is, and how two of them differ."""
