"""What is known of a person, and who must not be asked."""
