"""Surveys as scripts draw them: what the widget and the kiosk are told of a survey."""
