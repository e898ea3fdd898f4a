"""Texts of the survey as the results page says them: labels and placeholders filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harken_server.insights.page.view import ResultsView
from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText, resolve_text


def say(view: ResultsView, text: LocalText) -> str:
    """A text of the survey in the page's locale; placeholders show their fallbacks."""
    plain = resolve_text(text, view.locale, view.survey.locale)
    return substitute(plain, {}, {}, view.survey.context)


def labels_of(
    question: Question, survey: Survey, versions: Mapping[int, Sequence[Question]], locale: str
) -> dict[str, str]:
    """Shown label of every stored value of a choosing question; empty for other types.

    What only older versions offered has the label of the last of them.
    """
    older = [item for asked in versions.values() for item in asked if item.key == question.key]
    return {
        value: resolve_text(label, locale, survey.locale)
        for item in (*older, question)
        for value, label in item.labels().items()
    }
