"""The channels of devices that stand somewhere: a screen, and buttons."""

from __future__ import annotations

from harken_server.channels.kiosk.collect import CHANNEL
from harken_server.channels.kiosk.pressing import BUTTON_CHANNEL
from harken_server.channels.kiosk.words import KIOSK_WORDS
from harken_server.deliveries.channels import Channel, Waits

_DOCUMENT = "how-to/kiosk.md"

KIOSK = Channel(name=CHANNEL, way=Waits(), document=_DOCUMENT, words=KIOSK_WORDS.of)
BUTTON = Channel(name=BUTTON_CHANNEL, way=Waits(), document=_DOCUMENT, words=None)
