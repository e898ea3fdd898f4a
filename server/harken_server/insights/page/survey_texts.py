"""Texts of the survey as the results page says them: labels and placeholders filled in."""

from __future__ import annotations

from harken_server.insights.page.view import ResultsView
from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.questions.types import Question
from harken_server.surveys.texts import LocalText, resolve_text


def say(view: ResultsView, text: LocalText) -> str:
    """A text of the survey in the page's locale; placeholders show their fallbacks."""
    plain = resolve_text(text, view.locale, view.survey.locale)
    return substitute(plain, {}, {}, view.survey.context)


def labels_of(question: Question, locale: str, default: str) -> dict[str, str]:
    """Shown label of every stored value of a choosing question; empty for other types."""
    return {
        value: resolve_text(label, locale, default) for value, label in question.labels().items()
    }
