"""The channel `receipt`: the till prints the link."""

from __future__ import annotations

from harken_server.channels.receipts.open import CHANNEL
from harken_server.channels.receipts.repeats import forget_device_answers
from harken_server.channels.receipts.words import RECEIPT_WORDS
from harken_server.deliveries.channels import Channel, HandedOn, Tick

RECEIPT = Channel(
    name=CHANNEL,
    way=HandedOn(),
    document="how-to/tills.md",
    words=RECEIPT_WORDS.of,
    ticks=(Tick("forget_device_answers", 600.0, forget_device_answers),),
)
