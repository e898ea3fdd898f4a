"""The few words that a conversation needs beside the survey's own, in each language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from harken_server.channels.page.words import phrases_for

WORDS_FILE = Path(__file__).with_name("words.toml")


class Words(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
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


def words_for(locale: str, default: str = "en") -> Words:
    """The words of the nearest language that there are words in (see `phrases_for`)."""
    return _all_words()[phrases_for(locale, default).locale]


@lru_cache(maxsize=1)
def _all_words() -> dict[str, Words]:
    return msgspec.toml.decode(WORDS_FILE.read_bytes(), type=dict[str, Words])
