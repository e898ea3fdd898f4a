"""The panels of choices: bars with whiskers, or a cut bar for each row of a matrix."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from markupsafe import Markup

from harken_server.insights.page.pictures import charts
from harken_server.insights.page.tables import Table, tabulate_distribution
from harken_server.insights.page.view import ResultsView, labels_of, say
from harken_server.insights.page.words import SMALL_N, span_of_versions
from harken_server.insights.rules.distributions import ChoiceShare, Distribution
from harken_server.insights.rules.figures import count_answers, show_share
from harken_server.kernel.numbers import write_number
from harken_server.surveys.questions.types import Question


class ChoiceBar(msgspec.Struct, frozen=True):
    """One choice with its bar."""

    label: str
    share: str
    n: str
    note: str
    svg: Markup


class MatrixBar(msgspec.Struct, frozen=True):
    """One matrix row as a bar cut into columns."""

    label: str
    n: str
    note: str
    svg: Markup


class ChoicePanel(msgspec.Struct, frozen=True):
    """One choosing question: bars, or a cut bar for each matrix row."""

    key: str
    text: str
    n: int
    base: str
    note: str
    is_early: bool
    bars: tuple[ChoiceBar, ...]
    rows: tuple[MatrixBar, ...]
    columns: tuple[str, ...]
    table: Table
    csv: str
    file: str


def choice_panels(view: ResultsView, shown: Collection[str]) -> list[ChoicePanel]:
    """A panel for each of these choosing questions that anybody answered, in the survey's order."""
    panels: list[ChoicePanel] = []
    for question in view.survey.questions:
        found = [part for part in view.distributions if part.question == question.key]
        if question.key in shown and any(part.n for part in found):
            panels.append(_choice_panel(view, question, found))
    return panels


def _choice_panel(view: ResultsView, question: Question, found: list[Distribution]) -> ChoicePanel:
    labels = labels_of(question, view.survey, view.versions, view.locale)

    def label(value: str) -> str:
        return labels.get(value, value)

    is_matrix = bool(found[0].row)
    n = found[0].asked
    return ChoicePanel(
        key=question.key,
        text=say(view, question.text),
        n=n,
        base=_base(found[0], n),
        note=span_of_versions(view.versions_without(question.key)),
        is_early=n < SMALL_N,
        bars=() if is_matrix else _bars(found[0], labels),
        rows=_matrix_rows(found, labels) if is_matrix else (),
        columns=tuple(label(choice.value) for choice in found[0].choices) if is_matrix else (),
        table=tabulate_distribution(found, label),
        csv=view.link("/choices.csv", question=question.key),
        file=view.link("/choices.svg", question=question.key),
    )


def _base(part: Distribution, n: int) -> str:
    match part.kind:
        case "ranking":
            return f"Share put first, of {count_answers(n)}"
        case "multiple":
            return f"{count_answers(n)}; several can be chosen"
        case "single" | "matrix" | "consent":
            return count_answers(n)


def _bars(part: Distribution, labels: dict[str, str]) -> tuple[ChoiceBar, ...]:
    return tuple(
        ChoiceBar(
            labels.get(choice.value, choice.value),
            show_share(choice.share),
            f"{choice.n:,}",
            _note(choice, part.n),
            charts.draw_share(choice, labels.get(choice.value, choice.value)),
        )
        for choice in part.choices
    )


def _note(choice: ChoiceShare, n: int) -> str:
    notes: list[str] = []
    if choice.mean_place is not None:
        notes.append(f"mean place {write_number(choice.mean_place, 1)}")
    if choice.of < n:
        notes.append(_offered(choice.of, n))
    if 0 < choice.of < SMALL_N <= n:
        notes.append("few answers")
    return "; ".join(notes)


def _offered(of: int, n: int) -> str:
    return f"offered in {of:,} of {count_answers(n)}" if of else "not offered in these answers"


def _matrix_rows(found: list[Distribution], labels: dict[str, str]) -> tuple[MatrixBar, ...]:
    rows: list[MatrixBar] = []
    for part in found:
        name = labels.get(part.row, part.row)
        svg = charts.draw_stack(name, part.n, _segments(part, labels))
        rows.append(MatrixBar(name, f"{part.n:,}", _row_note(part, labels), svg))
    return tuple(rows)


def _segments(part: Distribution, labels: dict[str, str]) -> list[charts.Segment]:
    """Cut by the answers to the row, so that they fill the bar whatever each version offered."""
    last = max(len(part.choices) - 1, 1)
    return [
        charts.Segment(
            labels.get(choice.value, choice.value), choice.n, f"step-{place * 4 // last}"
        )
        for place, choice in enumerate(part.choices)
    ]


def _row_note(part: Distribution, labels: dict[str, str]) -> str:
    notes: list[str] = []
    if part.offered < part.asked:
        notes.append(_offered(part.offered, part.asked))
    notes += [
        f"{labels.get(choice.value, choice.value)}: {_offered(choice.of, part.n)}"
        for choice in part.choices
        if choice.of < part.n
    ]
    return "; ".join(notes)
