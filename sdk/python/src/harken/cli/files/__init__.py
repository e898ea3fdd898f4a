"""Commands that take answers, and decisions, away as files."""
