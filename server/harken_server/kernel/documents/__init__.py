"""Documents, as JSON and alike: what they take, where something in them is, their one spelling."""
