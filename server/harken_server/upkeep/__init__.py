"""Backups, restores, moves between databases, and the proof that what is stored is sound."""
