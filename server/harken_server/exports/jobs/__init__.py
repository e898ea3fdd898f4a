"""Exports that the worker makes: asked for, made, handed out, and gone after a time."""
