"""Texts of the survey as the results page says them: labels and placeholders filled in."""

from __future__ import annotations

from harken_server.insights.page.view import ResultsView
from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.questions.choices import offered_choices
from harken_server.surveys.questions.types import (
    Consent,
    Matrix,
    MultipleChoice,
    OneChoice,
    Question,
    Ranking,
    RatingBase,
    Statement,
    Written,
)
from harken_server.surveys.texts import LocalText, resolve_text


def say(view: ResultsView, text: LocalText) -> str:
    """A text of the survey in the page's locale; placeholders show their fallbacks."""
    plain = resolve_text(text, view.locale, view.survey.locale)
    return substitute(plain, {}, {}, view.survey.context)


def labels_of(question: Question, locale: str, default: str) -> dict[str, str]:
    """Shown label of every stored value of a choosing question; empty for other types."""
    pairs: list[tuple[str, LocalText]]
    match question:
        case OneChoice() | MultipleChoice() | Ranking():
            pairs = [(choice.value, choice.label) for choice in offered_choices(question)]
        case Matrix():
            pairs = [(row.value, row.label) for row in (*question.rows, *question.columns)]
        case Consent():
            pairs = [("1", "Given"), ("0", "Refused")]
        case RatingBase() | Written() | Statement():
            pairs = []
    return {value: resolve_text(label, locale, default) for value, label in pairs}
