"""The page's own words in each language: one typed table, read from one file a language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from harken_server.surveys.texts import fallback_chain

LANGUAGES_FOLDER = Path(__file__).parent / "languages"
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "nb", "sv", "da", "pl", "pt", "ar", "he")
"""Languages the page speaks by itself; surveys in others get the nearest by fallback."""
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he"}


class Phrases(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string. Braces name what is filled in: numbers and limits only."""

    locale: str
    next: str
    back: str
    send: str
    required: str
    optional: str
    progress: str
    error_word: str
    error_title: str
    save_failed: str
    language: str
    other_text: str
    choose_many: str
    choose_exactly: str
    choose_from: str
    choose_up_to: str
    choose_between: str
    up_to_characters: str
    characters_left: str
    characters_over: str
    rank_all: str
    rank_some: str
    place: str
    select: str
    value_of: str
    thumbs_down: str
    thumbs_up: str
    nps_low: str
    nps_high: str
    csat_low: str
    csat_high: str
    ces_low: str
    ces_high: str
    effort_low: str
    effort_high: str
    email_hint: str
    phone_hint: str
    answer_missing: str
    consent_missing: str
    pick_one: str
    row_missing: str
    not_number: str
    not_whole: str
    too_low: str
    too_high: str
    too_long: str
    not_email: str
    not_phone: str
    not_date: str
    date_too_early: str
    date_too_late: str
    too_few: str
    too_many: str
    ranked_twice: str
    ranked_too_few: str
    not_combined: str
    not_accepted: str
    thanks_title: str
    thanks_text: str
    draft_title: str
    draft_text: str
    closed_title: str
    closed_text: str
    expired_title: str
    expired_text: str
    already_answered_title: str
    already_answered_text: str
    unknown_title: str
    unknown_text: str
    unavailable_title: str
    unavailable_text: str
    too_many_title: str
    too_many_text: str
    not_understood_title: str
    not_understood_text: str
    close: str
    feedback: str
    sending: str
    waiting_title: str
    waiting_text: str
    try_again: str
    survey: str
    received_text: str
    """What `thanks_text` says where there is no page to close."""


def phrases_for(locale: str, default: str = "en") -> Phrases:
    """The phrases of the nearest language: the locale's, the default's, else English.

    >>> phrases_for("de-AT").locale, phrases_for("eo", "fr-CA").locale, phrases_for("eo").locale
    ('de', 'fr', 'en')
    """
    for candidate in fallback_chain(locale, default):
        language = _ALIASES.get(candidate, candidate)
        if language in LANGUAGES:
            return _read(language)
    return _read("en")


def language_name(locale: str) -> str:
    """A language's name in itself, such as `Deutsch`; the locale's code when not known."""
    language, _, rest = locale.partition("-")
    name = _NAMES.get(language, "")
    if not name:
        return locale
    return f"{name} ({rest})" if rest else name


@lru_cache(maxsize=len(LANGUAGES))
def _read(language: str) -> Phrases:
    path = LANGUAGES_FOLDER / f"{language}.toml"
    return msgspec.toml.decode(path.read_bytes(), type=Phrases)


_NAMES = {
    "ar": "العربية",
    "bg": "Български",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "is": "Íslenska",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "nn": "Norsk nynorsk",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "so": "Soomaali",
    "sr": "Српски",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
