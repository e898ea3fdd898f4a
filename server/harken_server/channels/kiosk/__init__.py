"""The kiosk: a page that fills a tablet's screen and keeps answers until they are stored."""
