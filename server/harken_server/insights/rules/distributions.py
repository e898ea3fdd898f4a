"""How answers spread over choices: shares of those who could choose it, with Wilson intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.intervals import USUAL_LEVEL, share_interval
from harken_server.surveys.questions import types as q

DistributionKind: TypeAlias = Literal["single", "multiple", "matrix", "ranking", "consent"]


class ChoiceShare(msgspec.Struct, kw_only=True, frozen=True):
    """How often one choice was made."""

    value: str
    n: int
    of: int
    """Answers that could have made it: those to versions that offered it."""
    share: float | None
    """Percentage of `of`; None when that is 0."""
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
    """Answers: to the question, or to this row of it."""
    asked: int
    """Answers to the question: for a row, more than those that could say something of it."""
    offered: int
    """Answers to versions that had the row; `asked` for other questions."""
    choices: tuple[ChoiceShare, ...]
    """In the order of the survey; values that only older versions had come last.

    Their shares add up to more than 100 % where several could be chosen, or where a version
    offered other ones.
    """


class _Tally(NamedTuple):
    """The answers to one version of a question."""

    question: q.Question
    """As that version had it."""
    base: int
    """Answers; counted only of a question with several parts."""
    parts: dict[str, dict[str, int]]
    """How often each value was given to each part."""


class _Column(NamedTuple):
    """What one version says of the choices of a distribution."""

    n: int
    counts: Mapping[str, int]
    offered: frozenset[str]


def distributed_questions(questions: Iterable[q.Question]) -> list[q.Question]:
    """The questions that have distributions over choices, in the order of the survey."""
    return [question for question in questions if question.behaviour.is_chosen]


def distribute(
    question: q.Question,
    rows: Iterable[CountRow],
    versions: Mapping[int, Iterable[q.Question]] | None = None,
) -> list[Distribution]:
    """The question's distributions: one, or one for each row of a matrix; else none.

    `versions` has the questions of each version that the rows are of; one that is not in it offered
    what `question` offers.
    """
    tallies = _tally(question, rows, versions or {})
    match question:
        case q.OneChoice():
            columns = [_column(each, each.parts.get("", {})) for each in tallies]
            return [_distribution(question, "single", columns)]
        case q.Consent():
            columns = [_column(each, each.parts.get("", {})) for each in tallies]
            return [_distribution(question, "consent", columns)]
        case q.MultipleChoice():
            # Nobody makes the same choice twice.
            columns = [_column(each, _made(each), each.base) for each in tallies]
            return [_distribution(question, "multiple", columns)]
        case q.Ranking():
            # Share that put each choice first; each ranking has exactly one first place.
            columns = [_column(each, _firsts(each)) for each in tallies]
            return [_distribution(question, "ranking", columns, means=_mean_places(tallies))]
        case q.Matrix():
            return [_matrix_row(question, row, tallies) for row in _rows_of(question, tallies)]
        case q.RatingBase() | q.Written() | q.Statement():
            return []


def with_level(found: Distribution, level: float) -> Distribution:
    """The same with intervals of another level."""
    if level == USUAL_LEVEL:
        return found
    choices = tuple(
        msgspec.structs.replace(each, low=100 * ends.low, high=100 * ends.high)
        if each.of and (ends := share_interval(each.n, each.of, level))
        else each
        for each in found.choices
    )
    return msgspec.structs.replace(found, choices=choices)


def _tally(
    question: q.Question,
    rows: Iterable[CountRow],
    versions: Mapping[int, Iterable[q.Question]],
) -> list[_Tally]:
    tallies: dict[int, _Tally] = {}
    for row in rows:
        if row.question != question.key:
            continue
        kept = tallies.get(row.version)
        if kept is None:
            asked = [item for item in versions.get(row.version, ()) if item.key == question.key]
            kept = _Tally(asked[0] if asked else question, 0, {})
        if not row.part and not row.value:
            kept = kept._replace(base=kept.base + row.n)
        else:
            part = kept.parts.setdefault(row.part, {})
            part[row.value] = part.get(row.value, 0) + row.n
        tallies[row.version] = kept
    return list(tallies.values())


def _column(tally: _Tally, counts: Mapping[str, int], n: int | None = None) -> _Column:
    """Without `n`, each answer is counted once."""
    n = sum(counts.values()) if n is None else n
    return _Column(n, counts, frozenset(_choices_of(tally.question)))


def _made(tally: _Tally) -> dict[str, int]:
    return {part: sum(values.values()) for part, values in tally.parts.items()}


def _firsts(tally: _Tally) -> dict[str, int]:
    return {part: places.get("1", 0) for part, places in tally.parts.items()}


def _choices_of(question: q.Question) -> list[str]:
    """Its values, or where it has none of the survey's the two that are labelled."""
    return question.values() or list(question.labels())


def _rows_of(question: q.Matrix, tallies: Iterable[_Tally]) -> list[str]:
    rows = question.parts()
    return [*rows, *sorted({row for tally in tallies for row in tally.parts if row} - {*rows})]


def _matrix_row(question: q.Matrix, row: str, tallies: list[_Tally]) -> Distribution:
    columns = [_column(each, each.parts.get(row, {})) for each in tallies]
    found = _distribution(question, "matrix", columns, row=row)
    offered = [each.base for each in tallies if row in each.parts or row in each.question.parts()]
    asked = sum(each.base for each in tallies)
    return msgspec.structs.replace(found, asked=asked, offered=sum(offered))


def _distribution(
    question: q.Question,
    kind: DistributionKind,
    columns: list[_Column],
    *,
    row: str = "",
    means: Mapping[str, float] | None = None,
) -> Distribution:
    values = _choices_of(question)
    chosen = {value for column in columns for value, n in column.counts.items() if n}
    n = sum(column.n for column in columns)
    return Distribution(
        question=question.key,
        row=row,
        kind=kind,
        n=n,
        asked=n,
        offered=n,
        choices=tuple(
            _share(value, columns, (means or {}).get(value))
            for value in [*values, *sorted(chosen - {*values})]
        ),
    )


def _mean_places(tallies: Iterable[_Tally]) -> dict[str, float]:
    sums: dict[str, tuple[int, int]] = {}
    for tally in tallies:
        for choice, places in tally.parts.items():
            total, n = sums.get(choice, (0, 0))
            total += sum(int(place) * count for place, count in places.items())
            sums[choice] = (total, n + sum(places.values()))
    return {choice: total / n for choice, (total, n) in sums.items() if n}


def _share(value: str, columns: list[_Column], mean_place: float | None) -> ChoiceShare:
    n = sum(column.counts.get(value, 0) for column in columns)
    # What was chosen was offered, whatever the version says.
    of = sum(column.n for column in columns if value in column.offered or column.counts.get(value))
    ends = share_interval(n, of) if of else None
    return ChoiceShare(
        value=value,
        n=n,
        of=of,
        share=100 * n / of if of else None,
        low=100 * ends.low if ends else None,
        high=100 * ends.high if ends else None,
        mean_place=mean_place,
    )
