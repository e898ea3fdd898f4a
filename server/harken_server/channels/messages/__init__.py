"""Surveys asked one message at a time: text messages, keypads, chat buttons."""
