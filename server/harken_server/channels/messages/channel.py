"""The channels of conversations: the application carries each message, Harken says the next."""

from __future__ import annotations

from harken_server.channels.messages.serve.replies import SMS_CHANNEL
from harken_server.channels.messages.words import MESSAGE_WORDS
from harken_server.deliveries.channels import Channel, HandedOn

_DOCUMENT = "how-to/messages-phone-chat.md"

SMS = Channel(
    name=SMS_CHANNEL,
    way=HandedOn(),
    document=_DOCUMENT,
    words=MESSAGE_WORDS.of,
    said_by="holder",
    takes_texts=True,
)
"""What comes by text message comes from a known number."""
PHONE = Channel(
    name="phone",
    way=HandedOn(),
    document=_DOCUMENT,
    words=MESSAGE_WORDS.of,
    said_by="anybody",
)
CHAT = Channel(
    name="chat", way=HandedOn(), document=_DOCUMENT, words=MESSAGE_WORDS.of, said_by="anybody"
)
