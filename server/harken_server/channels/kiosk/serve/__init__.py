"""The kiosk's page and its calls."""
