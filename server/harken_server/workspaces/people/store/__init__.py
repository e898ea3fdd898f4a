"""What is stored of people of the house."""
