"""Asking at a touchpoint: may this person be asked now, and why."""
