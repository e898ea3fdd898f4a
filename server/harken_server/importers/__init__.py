"""Files of feedback and of events, taken in by people without a terminal."""
