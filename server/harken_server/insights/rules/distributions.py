"""How answers spread over choices: shares of the people who answered, with Wilson intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.intervals import share_interval
from harken_server.surveys.questions import types as q

DistributionKind: TypeAlias = Literal["single", "multiple", "matrix", "ranking", "consent"]
Base: TypeAlias = Literal["people"]


class ChoiceShare(msgspec.Struct, kw_only=True, frozen=True):
    """How often one choice was made."""

    value: str
    n: int
    share: float | None
    """Percentage of the distribution's `n`; None when that is 0."""
    low: float | None
    """Wilson 95 % interval of the share, in percent; None where the share is."""
    high: float | None
    mean_place: float | None = None
    """Ranking only: mean place given by those who ranked it; 1 is best."""


class Distribution(msgspec.Struct, kw_only=True, frozen=True):
    """Shares of one question, or of one row of a matrix."""

    question: str
    row: str
    """The matrix row's value; empty for other questions."""
    kind: DistributionKind
    n: int
    """What shares are taken of: see `base`."""
    base: Base
    """people: who answered the question, or this row of it."""
    choices: tuple[ChoiceShare, ...]
    """In the order of the survey; values that only older versions had come last.

    Their shares add up to more than 100 % where people could choose several.
    """


def distributed_questions(questions: Iterable[q.Question]) -> list[q.Question]:
    """The questions that have distributions over choices, in the order of the survey."""
    return [question for question in questions if question.behaviour.is_chosen]


def distribute(question: q.Question, rows: Iterable[CountRow]) -> list[Distribution]:
    """The question's distributions: one, or one for each row of a matrix; else none."""
    people = 0
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.question != question.key:
            continue
        if not row.part and not row.value:
            people += row.n
        else:
            part = counts.setdefault(row.part, {})
            part[row.value] = part.get(row.value, 0) + row.n
    own = counts.get("", {})
    match question:
        case q.OneChoice():
            return [_distribution(question, "single", own, question.values())]
        case q.Consent():
            return [_distribution(question, "consent", own, list(question.labels()))]
        case q.MultipleChoice():
            # Share of people who made each choice; nobody makes the same choice twice.
            made = {choice: sum(values.values()) for choice, values in counts.items()}
            return [_distribution(question, "multiple", made, question.values(), n=people)]
        case q.Ranking():
            # Share of people who put each choice first; each ranking has exactly one first place.
            firsts = {choice: places.get("1", 0) for choice, places in counts.items()}
            means = {choice: _mean_place(places) for choice, places in counts.items()}
            values = question.values()
            return [_distribution(question, "ranking", firsts, values, means=means)]
        case q.Matrix():
            columns = question.values()
            return [
                _distribution(question, "matrix", counts.get(row, {}), columns, row=row)
                for row in question.parts()
            ]
        case q.RatingBase() | q.Written() | q.Statement():
            return []


def _distribution(
    question: q.Question,
    kind: DistributionKind,
    counts: Mapping[str, int],
    values: list[str],
    *,
    row: str = "",
    n: int | None = None,
    means: Mapping[str, float | None] | None = None,
) -> Distribution:
    """Shares of `n`, or of all that were counted where each person counts once."""
    total = sum(counts.values()) if n is None else n
    names = [*values, *sorted(set(counts) - set(values))]
    return Distribution(
        question=question.key,
        row=row,
        kind=kind,
        n=total,
        base="people",
        choices=tuple(
            _share(name, counts.get(name, 0), total, (means or {}).get(name)) for name in names
        ),
    )


def _mean_place(places: Mapping[str, int]) -> float | None:
    total = sum(places.values())
    return sum(int(place) * n for place, n in places.items()) / total if total else None


def _share(value: str, n: int, total: int, mean_place: float | None) -> ChoiceShare:
    ends = share_interval(n, total) if total else None
    return ChoiceShare(
        value=value,
        n=n,
        share=100 * n / total if total else None,
        low=100 * ends.low if ends else None,
        high=100 * ends.high if ends else None,
        mean_place=mean_place,
    )
