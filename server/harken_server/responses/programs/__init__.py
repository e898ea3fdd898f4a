"""Signs that a sender is a program and no person; what has any is quarantined, never refused."""
