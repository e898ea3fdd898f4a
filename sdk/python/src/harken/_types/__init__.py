"""Records that callers are given, as the API shows them."""
