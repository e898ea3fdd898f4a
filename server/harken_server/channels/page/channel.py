"""The channels whose link leads to the hosted page; the application hands it on."""

from __future__ import annotations

from harken_server.channels.page.words import PAGE_WORDS
from harken_server.deliveries.channels import Channel, HandedOn

WEB = Channel(
    name="web",
    way=HandedOn(),
    document="how-to/ask-at-a-touchpoint.md",
    words=PAGE_WORDS.of,
    said_by="anybody",
)
API = Channel(
    name="api",
    way=HandedOn(),
    document="how-to/ask-at-a-touchpoint.md",
    words=PAGE_WORDS.of,
    said_by="anybody",
)
"""What a trigger is on that names no channel."""
