"""Answers that count for more or fewer people than one."""
