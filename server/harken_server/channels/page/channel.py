"""The channels whose link leads to the hosted page; the application hands it on."""

from __future__ import annotations

from harken_server.channels.page.words import phrases_for
from harken_server.deliveries.channels import Channel, HandedOn

WEB = Channel(
    name="web",
    way=HandedOn(),
    document="how-to/ask-at-a-touchpoint.md",
    words=phrases_for,
)
API = Channel(
    name="api",
    way=HandedOn(),
    document="how-to/ask-at-a-touchpoint.md",
    words=phrases_for,
)
"""What a trigger is on that names no channel."""
