"""Asking by mail: queued with the decision, sent by the worker."""
