"""The shell for people of the house: its sections, its home, and what belongs to no slice."""
