"""The panels of choices: bars with whiskers, or a cut bar for each row of a matrix."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from harken_server.insights.page import charts
from harken_server.insights.page.figures import show_share
from harken_server.insights.page.survey_texts import labels_of, say
from harken_server.insights.page.tables import Table, tabulate_distribution
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.distributions import Distribution
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
    svg: Markup


class ChoicePanel(msgspec.Struct, frozen=True):
    """One choosing question: bars, or a cut bar for each matrix row."""

    key: str
    text: str
    n: int
    base: str
    bars: tuple[ChoiceBar, ...]
    rows: tuple[MatrixBar, ...]
    columns: tuple[str, ...]
    table: Table
    csv: str


def choice_panels(view: ResultsView) -> list[ChoicePanel]:
    """A panel for each choosing question that anybody answered, in the order of the survey."""
    panels: list[ChoicePanel] = []
    for question in view.survey.questions:
        found = [part for part in view.distributions if part.question == question.key]
        if any(part.n for part in found):
            panels.append(_choice_panel(view, question, found))
    return panels


def _choice_panel(view: ResultsView, question: Question, found: list[Distribution]) -> ChoicePanel:
    labels = labels_of(question, view.locale, view.survey.locale)

    def label(value: str) -> str:
        return labels.get(value, value)

    is_matrix = bool(found[0].row)
    n = max(part.n for part in found)
    return ChoicePanel(
        key=question.key,
        text=say(view, question.text),
        n=n,
        base=_base(found[0], n),
        bars=() if is_matrix else _bars(found[0], labels),
        rows=_matrix_rows(found, labels) if is_matrix else (),
        columns=tuple(label(choice.value) for choice in found[0].choices) if is_matrix else (),
        table=tabulate_distribution(found, label),
        csv=view.link("/choices.csv", question=question.key),
    )


def _base(part: Distribution, n: int) -> str:
    people = "1 person" if n == 1 else f"{n:,} people"
    match part.kind:
        case "ranking":
            return f"Share put first, by {people}"
        case "multiple":
            return f"{people}, who may choose several"
        case "single" | "matrix" | "consent":
            return people


def _bars(part: Distribution, labels: dict[str, str]) -> tuple[ChoiceBar, ...]:
    return tuple(
        ChoiceBar(
            labels.get(choice.value, choice.value),
            show_share(choice.share),
            f"{choice.n:,}",
            "" if choice.mean_place is None else f"mean place {write_number(choice.mean_place, 1)}",
            charts.draw_share(
                f"{part.question}-{index}", choice, labels.get(choice.value, choice.value)
            ),
        )
        for index, choice in enumerate(part.choices)
    )


def _matrix_rows(found: list[Distribution], labels: dict[str, str]) -> tuple[MatrixBar, ...]:
    rows: list[MatrixBar] = []
    for index, part in enumerate(found):
        last = max(len(part.choices) - 1, 1)
        shares = [
            (labels.get(choice.value, choice.value), choice.share or 0, f"s{place * 4 // last}")
            for place, choice in enumerate(part.choices)
        ]
        name = labels.get(part.row, part.row)
        svg = charts.draw_stack(f"{part.question}-row-{index}", name, shares)
        rows.append(MatrixBar(name, f"{part.n:,}", svg))
    return tuple(rows)
