"""Connections as they come: what frames requests, deadlines, and clients that dawdle."""
