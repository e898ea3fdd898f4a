"""Public routes: survey pages, links, submissions. No cookie, nothing from elsewhere."""
