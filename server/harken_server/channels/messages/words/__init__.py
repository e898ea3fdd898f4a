"""Sentences of conversations; the survey's own texts are not here."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harken_server.kernel.words import Catalogue


class MessageWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed sentence; braces name what is filled in. They fit a message and a voice alike."""

    scale: str
    scale_labels: str
    choose: str
    choose_many: str
    rank: str
    in_words: str
    number: str
    date: str
    yes: str
    no: str
    skip_word: str
    to_skip: str
    to_skip_key: str
    not_clear: str
    stopped: str
    nothing_open: str
    go_on: str
    no_longer: str


MESSAGE_WORDS = Catalogue(Path(__file__).parent, MessageWords)
