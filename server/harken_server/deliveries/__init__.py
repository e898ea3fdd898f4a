"""Deliveries: what any channel hands over to a person, queued with its invitation and sent once."""
