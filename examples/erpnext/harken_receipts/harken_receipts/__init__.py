"""The app's one module; it has no documents of its own."""
