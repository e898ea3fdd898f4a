"""Results inside the console, and the links to them."""
