"""A real server and a browser, for what needs script."""

from __future__ import annotations

from browser_fixtures import browser, chromium, live_server, open_page

__all__ = ["browser", "chromium", "live_server", "open_page"]
