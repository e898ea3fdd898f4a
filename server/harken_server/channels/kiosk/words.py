"""What the kiosk itself says to the people in front of it, by language; see words.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

import msgspec

WORDS_FILE = Path(__file__).parent / "words.toml"


class KioskWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string of the kiosk that is not one of the survey page's phrases."""

    closed_title: str
    closed_text: str
    idle: str
    """`{seconds}` is filled in."""
    go_on: str
    start_again: str
    language: str


def words_config(language: str) -> dict[str, str]:
    """The words of a language; of English when it is not one of ours."""
    known = _read()
    return msgspec.to_builtins(known.get(language, known["en"]))


@lru_cache(maxsize=1)
def _read() -> dict[str, KioskWords]:
    found = tomllib.loads(WORDS_FILE.read_text("utf-8"))
    return msgspec.convert(found, dict[str, KioskWords])
