"""Texts of a survey in one locale, with their placeholders left for the browser to fill in."""

from __future__ import annotations

from harken_server.channels.page.wording import Wording
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.surveys.logic.placeholders import with_fallbacks
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText, resolve_text


class Texts(Wording, frozen=True):
    """Resolves the texts of one survey for whoever answers it."""

    def say(self, text: LocalText | None) -> str:
        """The text in this locale, with the fallback at each placeholder; empty without a text."""
        return with_fallbacks(resolve_text(text, self.locale, self.default), self.fallbacks)


def texts_of(survey: Survey, locale: str) -> Texts:
    """The texts of a survey in one of its locales."""
    phrases = PAGE_WORDS.of(locale, survey.locale)
    return Texts(locale, survey.locale, phrases, {}, {}, survey.context)
