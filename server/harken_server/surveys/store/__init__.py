"""What is kept of surveys and their versions."""
