"""The words of the pages behind a message's links, one file a language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from harken_server.channels.page.words import LANGUAGES, phrases_for

LANGUAGES_FOLDER = Path(__file__).parent / "languages"


class ChoicePhrases(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string of these pages. Braces name what is filled in."""

    locale: str
    stop_title: str
    stop_text: str
    stop: str
    stopped_title: str
    stopped_text: str
    undo: str
    more: str
    """Leads from there to the page with all choices."""
    choices_title: str
    choices_text: str
    ask_all: str
    ask_not_this: str
    """No more of this survey: {title}."""
    ask_nothing: str
    save: str
    saved_title: str
    saved_all: str
    saved_not_this: str
    saved_nothing: str
    unknown_title: str
    unknown_text: str


def choice_phrases_for(locale: str, default: str = "en") -> ChoicePhrases:
    """The phrases of the nearest language, chosen as the hosted page chooses its own.

    >>> choice_phrases_for("de-AT").locale, choice_phrases_for("eo").locale
    ('de', 'en')
    """
    return _read(phrases_for(locale, default).locale)


@lru_cache(maxsize=len(LANGUAGES))
def _read(language: str) -> ChoicePhrases:
    path = LANGUAGES_FOLDER / f"{language}.toml"
    return msgspec.toml.decode(path.read_bytes(), type=ChoicePhrases)
