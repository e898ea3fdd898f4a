"""Survey texts in one locale, with their placeholders filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from harken_server.channels.page.words import PAGE_WORDS, Phrases
from harken_server.kernel.shown_text import without_hidden
from harken_server.surveys.logic.placeholders import shown_answers, substitute, with_fallbacks
from harken_server.surveys.survey import Survey, offered_locales
from harken_server.surveys.texts import LocalText, resolve_text


class Wording(msgspec.Struct, frozen=True, dict=True):
    """Resolves the texts of one survey for one respondent."""

    survey: Survey
    locale: str
    phrases: Phrases
    answers: Mapping[str, Any] = {}
    context: Mapping[str, Any] = {}

    def say(self, text: LocalText | None) -> str:
        """The text as this respondent reads it: plain, to be escaped by whoever shows it.

        What was put in may hold what nobody sees, or what turns the rest: that is left out.
        """
        found = resolve_text(text, self.locale, self.survey.locale)
        if "{{" in found:
            names = self.survey.context
            found = substitute(found, self.context, self._shown, names, self.locale)
        return without_hidden(found)

    @cached_property
    def _shown(self) -> dict[str, str]:
        questions = {question.key: question for question in self.survey.questions}
        return shown_answers(questions, self.answers, self.locale, self.survey.locale)


def wording_of(
    survey: Survey, locale: str, answers: Mapping[str, Any], context: Mapping[str, Any]
) -> Wording:
    """The wording for a survey, a locale, and what is known of the respondent."""
    return Wording(survey, locale, PAGE_WORDS.of(locale, survey.locale), answers, context)


def day_in_words(day: datetime, now: datetime, phrases: Phrases) -> str:
    """A day as it is said, by UTC; with its year unless that is the present one."""
    pattern = phrases.day_in_month if day.year == now.year else phrases.day_in_year
    month = phrases.months.split("|")[day.month - 1]
    number = phrases.first_day if day.day == 1 else str(day.day)
    return pattern.format(day=number, month=month, year=day.year)


def choose_locale(survey: Survey, wanted: str | None, accept_language: str) -> str:
    """The locale to show: the one asked for, else the browser's best, else the default.

    `wanted` and `accept_language` come from outside; only locales the survey offers are given.
    """
    offered = offered_locales(survey)
    for candidate in (wanted or "", *preferred_locales(accept_language)):
        found = match_locale(candidate, offered)
        if found is not None:
            return found
    return survey.locale


def preferred_locales(accept_language: str) -> list[str]:
    """Language tags of an Accept-Language header, best first; at most 20 are read.

    >>> preferred_locales("da, en-GB;q=0.8, fr;q=0, en;q=0.9")
    ['da', 'en', 'en-GB']
    """
    weighted: list[tuple[float, str]] = []
    for part in accept_language[:500].split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag and 0 < quality <= 1:
            weighted.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def match_locale(candidate: str, offered: tuple[str, ...]) -> str | None:
    """The offered locale that is the same, else of the same language, in whatever case written.

    >>> match_locale("DE_at", ("en", "de")), match_locale("pt", ("pt-BR",))
    ('de', 'pt-BR')
    """
    by_name = {locale.lower(): locale for locale in reversed(offered)}
    wanted = candidate.lower().replace("_", "-")
    parts = wanted.split("-")
    for size in range(len(parts), 0, -1):
        found = by_name.get("-".join(parts[:size]))
        if found is not None:
            return found
    language = parts[0]
    if not language:
        return None
    return next((name for name in offered if name.lower().split("-")[0] == language), None)


class Texts(Wording, frozen=True):
    """Resolves the texts of one survey for whoever answers it."""

    def say(self, text: LocalText | None) -> str:
        """The text in this locale, with the fallback at each placeholder; empty without a text."""
        found = resolve_text(text, self.locale, self.survey.locale)
        return with_fallbacks(found, self.survey.context)


def texts_of(survey: Survey, locale: str) -> Texts:
    """The texts of a survey in one of its locales."""
    return Texts(survey, locale, PAGE_WORDS.of(locale, survey.locale))
