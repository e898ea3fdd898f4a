"""A real Chromium, the real server on a loopback port, and surveys to answer."""

from __future__ import annotations

from browser_fixtures import axe, browser, chromium, live_server, open_page, screenshot

__all__ = ["axe", "browser", "chromium", "live_server", "open_page", "screenshot"]
