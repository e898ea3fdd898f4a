"""The codebook of a survey: what each column of its exports holds, in every language it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from harken_server.exports.rules import METADATA_COLUMNS, Column, columns_of, latest_questions
from harken_server.exports.table import TypedColumn, table_of
from harken_server.exports.titles import METADATA, Kind
from harken_server.insights.rules.metrics import score_question
from harken_server.surveys.questions.types import Question, as_rating, scale_of, type_of
from harken_server.surveys.survey import Survey, offered_locales

Words = Mapping[str, str]
"""A text by locale."""
OF_CODEBOOK = ("column", "question", "part", "type", "kind", "versions", "low", "high", "direction")
"""Columns of the file before the titles and labels of each locale."""


class Option(msgspec.Struct, kw_only=True, frozen=True):
    """What one stored value stands for."""

    code: str
    label: Words


class Entry(msgspec.Struct, kw_only=True, frozen=True):
    """One column."""

    column: str
    question: str
    """Key of the question; empty for a column that says something of the response."""
    part: str
    """The row, or the choice, that it is about; empty for the answer as a whole."""
    type: str
    """Of the question; `response` for a column that says something of the response."""
    kind: Kind
    """Of its values."""
    title: Words
    """In words, by locale; of a response's own columns in English."""
    options: list[Option]
    versions: list[int]
    """Of the survey that have it; empty: all."""
    low: int | None = None
    """Ends of a scale."""
    high: int | None = None
    direction: str | None = None
    """Of a scale: `higher_is_better` or `lower_is_better`."""


def codebook_of(key: str, versions: Sequence[tuple[int, Survey]]) -> list[Entry]:
    """Every column of an export, in its order, in the words of the latest version that asked."""
    surveys = [survey for _, survey in versions]
    fixed = [
        Entry(
            column=name, question="", part="", type="response", kind=METADATA[name][0],
            title={"en": METADATA[name][1]}, options=[], versions=[],
        )
        for name in METADATA_COLUMNS
    ]  # fmt: skip
    typed = {
        locale: {column.name: column for column in table_of(key, versions, locale).columns}
        for locale in locales_of(versions)
    }
    latest = latest_questions(surveys)
    return [
        *fixed,
        *(_entry(each, latest[each.question], typed, versions) for each in columns_of(surveys)),
    ]


def locales_of(versions: Sequence[tuple[int, Survey]]) -> list[str]:
    """Every locale of any version, those of the latest first."""
    return list(
        dict.fromkeys(each for _, survey in versions[::-1] for each in offered_locales(survey))
    )


def codebook_rows(
    entries: Sequence[Entry], locales: Sequence[str]
) -> tuple[list[str], Iterator[list[Any]]]:
    """Heads and rows of the file: one row a column, or one for each of its codes."""
    heads = [
        *OF_CODEBOOK, *(f"title_{each}" for each in locales), "code",
        *(f"label_{each}" for each in locales),
    ]  # fmt: skip
    return heads, (row for entry in entries for row in _rows_of(entry, locales))


def _rows_of(entry: Entry, locales: Sequence[str]) -> Iterator[list[Any]]:
    first = [
        entry.column, entry.question or None, entry.part or None, entry.type, entry.kind,
        " ".join(map(str, entry.versions)) or None, entry.low, entry.high, entry.direction,
        *(entry.title.get(each) for each in locales),
    ]  # fmt: skip
    if not entry.options:
        yield [*first, None, *(None for _ in locales)]
    for option in entry.options:
        yield [*first, option.code, *(option.label.get(each) for each in locales)]


def _entry(
    column: Column,
    question: Question,
    typed: Mapping[str, Mapping[str, TypedColumn]],
    versions: Sequence[tuple[int, Survey]],
) -> Entry:
    by_locale = {locale: columns[column.name] for locale, columns in typed.items()}
    one = next(iter(by_locale.values()))
    rated = as_rating(question)
    low, high = (None, None) if rated is None else scale_of(rated)
    return Entry(
        column=column.name,
        question=column.question,
        part=column.part,
        type=type_of(question),
        kind=one.kind,
        title={locale: each.title for locale, each in by_locale.items()},
        options=[
            Option(code=code, label={at: each.labels[code] for at, each in by_locale.items()})
            for code in one.labels
        ],
        versions=[number for number, survey in versions if _has(survey, column)],
        low=low,
        high=high,
        direction=None if rated is None else score_question(rated, {}).direction,
    )


def _has(survey: Survey, column: Column) -> bool:
    return any(
        column.part in question.sheet_columns()
        for question in survey.questions
        if question.key == column.question
    )
