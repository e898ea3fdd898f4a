"""SQL of the deliveries."""
