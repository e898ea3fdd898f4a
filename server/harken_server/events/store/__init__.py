"""Events as they are kept, and what else is known of people over time."""
