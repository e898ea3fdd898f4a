"""Decisions as files: whether somebody was asked, and why."""
