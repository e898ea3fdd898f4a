"""What the kiosk itself says to the people in front of it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harken_server.kernel.words import Catalogue


class KioskWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string of the kiosk that is not one of the survey page's phrases."""

    closed_title: str
    closed_text: str
    idle: str
    """`{seconds}` is filled in."""
    go_on: str
    start_again: str


KIOSK_WORDS = Catalogue(Path(__file__).parent, KioskWords)
