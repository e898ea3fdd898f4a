"""The languages that Harken speaks by itself, how others fall back to them, and their names."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "nb", "sv", "da", "pl", "pt", "ar", "he")
"""Every catalogue of words has these; surveys in other languages get the nearest by fallback."""
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

_ALIASES = {"no": "nb", "nn": "nb", "iw": "he"}


def fallback_chain(locale: str, default: str) -> tuple[str, ...]:
    """Locales to try in order, narrowest first: `de-AT`, `de`, then the default's own chain.

    >>> fallback_chain("de-AT", "en")
    ('de-AT', 'de', 'en')
    """
    chain: list[str] = []
    for start in (locale, default):
        parts = start.split("-")
        chain.extend("-".join(parts[:size]) for size in range(len(parts), 0, -1))
    return tuple(dict.fromkeys(chain))


def nearest_language(locale: str, default: str = "en") -> str:
    """The one of LANGUAGES to speak: the locale's, else the default's, else English.

    >>> nearest_language("de-AT"), nearest_language("eo", "fr-CA"), nearest_language("eo")
    ('de', 'fr', 'en')
    """
    for candidate in fallback_chain(locale, default):
        language = _ALIASES.get(candidate, candidate)
        if language in LANGUAGES:
            return language
    return "en"


def is_right_to_left(locale: str) -> bool:
    """Whether the locale's language is written from right to left."""
    return locale.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT


def language_name(locale: str) -> str:
    """A language's name in itself, such as `Deutsch`; the locale's code when not known."""
    language, _, rest = locale.partition("-")
    name = _names().get(language, "")
    if not name:
        return locale
    return f"{name} ({rest})" if rest else name


@cache
def _names() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("language_names.toml").read_text("utf-8"))
