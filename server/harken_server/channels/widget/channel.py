"""The channel `widget`: the question waits for the respondent's next visit to a page with it."""

from __future__ import annotations

from harken_server.channels.page.words import PAGE_WORDS
from harken_server.deliveries.channels import Channel, Waits

WIDGET = Channel(
    name="widget",
    way=Waits(),
    document="how-to/web-widget.md",
    words=PAGE_WORDS.of,
    said_by="anybody",
)
