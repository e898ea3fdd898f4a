"""Self-hosted customer feedback server."""
