"""The question types and what is alike or different in each."""
