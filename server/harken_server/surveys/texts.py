"""Texts shown to people: one string, or one string per locale with a fallback chain."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from harken_server.kernel.languages import fallback_chain

MAX_TEXT_CHARS = 2_000

LOCALE_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(?!\n)$"
"""BCP 47 language, optional script, optional region: `de`, `de-AT`, `zh-Hant-TW`."""

Locale: TypeAlias = Annotated[str, msgspec.Meta(pattern=LOCALE_PATTERN, max_length=12)]

_Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT_CHARS)]

LocalText: TypeAlias = (
    _Text | Annotated[dict[Locale, _Text], msgspec.Meta(min_length=1, max_length=100)]
)
"""A string for every locale, or a map of locale to string."""


def resolve_text(text: LocalText | None, locale: str, default: str) -> str:
    """The string for a locale by its fallback chain; empty when there is no text at all.

    >>> resolve_text({"en": "Why?", "de": "Warum?"}, "de-AT", "en")
    'Warum?'
    """
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    for candidate in fallback_chain(locale, default):
        if candidate in text:
            return text[candidate]
    return next(iter(text.values()))
