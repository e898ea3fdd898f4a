"""The hosted survey page: rendering and form decoding, free of HTTP and storage."""
