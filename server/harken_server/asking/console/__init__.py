"""What the console shows of asking: its rules, and whom a person should call."""
