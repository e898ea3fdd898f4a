"""People of the house: accounts, roles, sessions, and how they come in."""
