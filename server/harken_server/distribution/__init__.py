"""How a survey reaches a person: who is asked, and by which link."""
