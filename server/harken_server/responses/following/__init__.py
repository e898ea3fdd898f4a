"""Several submissions of one response: what they come to, and what becomes of a late one."""
