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
Counts: TypeAlias = Mapping[str, Mapping[str, int]]


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
    match question:
        case q.OneChoice():
            return [_of_people(question, "single", counts.get("", {}), question.values())]
        case q.Consent():
            return [_of_people(question, "consent", counts.get("", {}), list(question.labels()))]
        case q.MultipleChoice():
            return [_multiple(question, counts, people)]
        case q.Ranking():
            return [_ranking(question, counts)]
        case q.Matrix():
            columns = question.values()
            return [
                _of_people(question, "matrix", counts.get(row, {}), columns, row)
                for row in question.parts()
            ]
        case q.RatingBase() | q.Written() | q.Statement():
            return []


def _of_people(
    question: q.Question,
    kind: DistributionKind,
    counts: Mapping[str, int],
    values: list[str],
    row: str = "",
) -> Distribution:
    n = sum(counts.values())
    names = [*values, *sorted(set(counts) - set(values))]
    choices = tuple(_share(name, counts.get(name, 0), n) for name in names)
    return Distribution(
        question=question.key, row=row, kind=kind, n=n, base="people", choices=choices
    )


def _multiple(question: q.MultipleChoice, counts: Counts, people: int) -> Distribution:
    """Share of people who made each choice; nobody makes the same choice twice."""
    values = question.values()
    sums = {part: sum(values.values()) for part, values in counts.items()}
    names = [*values, *sorted(set(sums) - set(values))]
    choices = tuple(_share(name, sums.get(name, 0), people) for name in names)
    return Distribution(
        question=question.key, row="", kind="multiple", n=people, base="people", choices=choices
    )


def _ranking(question: q.Ranking, counts: Counts) -> Distribution:
    """Share of people who put each choice first; each ranking has exactly one first place."""
    values = question.values()
    n = sum(places.get("1", 0) for places in counts.values())
    names = [*values, *sorted(set(counts) - set(values))]
    choices = tuple(
        _share(name, counts.get(name, {}).get("1", 0), n, _mean_place(counts.get(name, {})))
        for name in names
    )
    return Distribution(
        question=question.key, row="", kind="ranking", n=n, base="people", choices=choices
    )


def _mean_place(places: Mapping[str, int]) -> float | None:
    total = sum(places.values())
    return sum(int(place) * n for place, n in places.items()) / total if total else None


def _share(value: str, n: int, total: int, mean_place: float | None = None) -> ChoiceShare:
    ends = share_interval(n, total) if total else None
    return ChoiceShare(
        value=value,
        n=n,
        share=100 * n / total if total else None,
        low=100 * ends.low if ends else None,
        high=100 * ends.high if ends else None,
        mean_place=mean_place,
    )
