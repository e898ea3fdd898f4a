"""The words of the form for a receipt that cannot be scanned."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harken_server.kernel.words import Catalogue


class ReceiptWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string of the form; its buttons are the survey page's."""

    title: str
    text: str
    unknown_title: str
    unknown_text: str
    store: str
    store_help: str
    store_wrong: str
    number: str
    number_help: str
    number_wrong: str
    date: str
    date_wrong: str


RECEIPT_WORDS = Catalogue(Path(__file__).parent, ReceiptWords)
