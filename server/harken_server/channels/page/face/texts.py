"""Texts of a survey in one locale, with their placeholders left for the browser to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from harken_server.channels.page.words import Phrases
from harken_server.surveys.logic.placeholders import with_fallbacks
from harken_server.surveys.questions.types import Choice
from harken_server.surveys.texts import LocalText, resolve_text


class Texts(msgspec.Struct, frozen=True):
    """Resolves the texts of one survey."""

    locale: str
    default: str
    phrases: Phrases
    fallbacks: Mapping[str, str]
    """Of the names that placeholders may use."""

    def of(self, text: LocalText | None) -> str:
        """The text in this locale, with the fallback at each placeholder; empty without a text."""
        return with_fallbacks(resolve_text(text, self.locale, self.default), self.fallbacks)

    def choices(self, choices: Iterable[Choice]) -> list[dict[str, str]]:
        """Choices, rows or columns with their labels."""
        return [self.choice(choice) for choice in choices]

    def choice(self, choice: Choice) -> dict[str, str]:
        """One choice with its label."""
        return {"value": choice.value, "label": self.of(choice.label)}
