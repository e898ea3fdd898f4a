"""The words that Harken itself puts into a message, one file a language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from harken_server.channels.page.words import LANGUAGES, phrases_for

LANGUAGES_FOLDER = Path(__file__).parent / "languages"


class MailPhrases(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string of a message. Braces name what is filled in."""

    locale: str
    reminder: str
    """Subject of a reminder: {subject}."""
    reminder_text: str
    """First line of a reminder."""
    preheader: str
    choose: str
    """Before the links of the text part."""
    confirm: str
    """Below the answers: choosing opens a page, and there one press sends."""
    open_survey: str
    other_answers: str
    """Before the survey's address in the text part."""
    why: str
    """Why this message came: {brand}."""
    why_unnamed: str
    unsubscribe: str


def mail_phrases_for(locale: str, default: str = "en") -> MailPhrases:
    """The phrases of the nearest language, chosen as the hosted page chooses its own.

    >>> mail_phrases_for("de-AT").locale, mail_phrases_for("eo").locale
    ('de', 'en')
    """
    return _read(phrases_for(locale, default).locale)


@lru_cache(maxsize=len(LANGUAGES))
def _read(language: str) -> MailPhrases:
    path = LANGUAGES_FOLDER / f"{language}.toml"
    return msgspec.toml.decode(path.read_bytes(), type=MailPhrases)
