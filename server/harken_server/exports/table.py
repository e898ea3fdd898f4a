"""Responses as a typed table: the columns and the order of the CSV, with values instead of text.

XLSX, Parquet and SPSS files are made of it, a block of rows at a time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from harken_server.database.database import Database, Row
from harken_server.exports.cells import Sheet, claimed_json, duration_s, json_text, plain_json
from harken_server.exports.forms import Spelling
from harken_server.exports.rules import METADATA_COLUMNS, columns_of, latest_questions
from harken_server.exports.store.lines import stream_lines, text_of_id
from harken_server.exports.titles import METADATA, Kind
from harken_server.kernel.pieces import pieces_of
from harken_server.responses.codes import PROOFS, STANDINGS, STATES
from harken_server.responses.store.row import decode_document
from harken_server.responses.store.selection import Selection
from harken_server.surveys.answers.typed_rows import wire_answers
from harken_server.surveys.questions.base import OTHER
from harken_server.surveys.questions.types import Question, as_rating, scale_of
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText, resolve_text

Value: TypeAlias = str | int | float | bool | date | None
"""Of a time: milliseconds since 1970, UTC, cut; of a day: a date."""
Block: TypeAlias = Sequence[Sequence[Value]]
ROWS_AT_ONCE = 25
"""Made and written in half a millisecond."""


class TypedColumn(NamedTuple):
    """A column, what its values are, and what they mean."""

    name: str
    kind: Kind
    title: str
    labels: Mapping[str, str]
    """Labels by value, where a value stands for something."""


class Table(NamedTuple):
    """The columns of a survey over all its versions, and the rows of stored responses."""

    columns: Sequence[TypedColumn]
    rows_of: Callable[[Iterable[Row]], Block]


def table_of(
    survey: str, versions: Sequence[tuple[int, Survey]], locale: str | None = None
) -> Table:
    """`versions` are all published ones, oldest first; titles are in the locale, else in the
    survey's own language."""
    surveys = [definition for _, definition in versions]
    latest, locale = latest_questions(surveys), locale or surveys[-1].locale
    asked = {number: {item.key: item for item in each.questions} for number, each in versions}
    sheet = Sheet(columns_of(surveys), asked, latest)
    words = _words_of(surveys, locale)
    fixed = [TypedColumn(name, *METADATA[name], labels={}) for name in METADATA_COLUMNS]
    answers = [
        _typed(
            column.name,
            latest[column.question],
            column.part,
            (locale, surveys[-1].locale),
            words[column.question],
        )
        for column in sheet.columns
    ]
    return Table((*fixed, *answers), _row_maker(survey, sheet))


async def stream_blocks(
    db: Database, table: Table, selection: Selection, size: int = ROWS_AT_ONCE
) -> AsyncGenerator[Block]:
    """Rows in the order of the feed, from one snapshot; whoever waits gets a turn between blocks.

    There is at least one block, though it be empty, and it comes after the database has answered.
    """
    block: Block | None = None
    async with aclosing(stream_lines(db, selection)) as chunks:
        async for rows in chunks:
            async for some in pieces_of(rows, size):
                block = table.rows_of(some)
                yield block
    if block is None:
        yield []


class _Words(NamedTuple):
    """Of one question, in the words of the latest version that had each."""

    meanings: dict[str, str]
    """Of values."""
    parts: dict[str, str]
    """Of what it has a column each for."""


def _words_of(surveys: Iterable[Survey], locale: str) -> dict[str, _Words]:
    found: dict[str, _Words] = {}
    for survey in surveys:
        for question in survey.questions:
            words = found.setdefault(question.key, _Words({}, {}))
            for known, said in zip(words, _said_of(question), strict=True):
                known |= {
                    value: resolve_text(label, locale, survey.locale)
                    for value, label in said.items()
                }
    return found


def _said_of(question: Question) -> tuple[Mapping[str, LocalText], Mapping[str, LocalText]]:
    """What its values mean, and its parts: of a matrix a row may be called as a column is."""
    labels, values = question.labels(), question.values()
    chosen = {value: label for value, label in labels.items() if not values or value in values}
    return {**chosen, **_ends_of(question)}, question.part_labels()


def _ends_of(question: Question) -> dict[str, LocalText]:
    rated = as_rating(question)
    if rated is None:
        return {}
    ends = zip(scale_of(rated), (rated.low_label, rated.high_label), strict=True)
    return {str(value): label for value, label in ends if label is not None}


def _typed(
    name: str, question: Question, part: str, locales: tuple[str, str], words: _Words
) -> TypedColumn:
    title, kind = resolve_text(question.text, *locales), _kind_of(question, part)
    if part:
        title = f"{title}: {words.parts.get(part, part)}"
    is_labelled = kind == "choice" or not part
    return TypedColumn(name, kind, title, words.meanings if is_labelled else {})


def _kind_of(question: Question, part: str) -> Kind:
    if part == OTHER:
        return "text"
    match question.behaviour.wire:
        case "truth" | "list":
            return "truth"
        case "map":
            return "choice"
        case "order":
            return "whole"
        case "value":
            pass
    match question.behaviour.compared_with:
        case "number":
            return "decimal" if as_rating(question) is None else "whole"
        case "phone":
            return "text"
        case kind:
            return kind


def _row_maker(survey: str, sheet: Sheet) -> Callable[[Iterable[Row]], Block]:
    pivot_of = sheet.pivots(_TYPED)
    context_text = lru_cache(maxsize=1024)(plain_json)

    def make_rows(rows: Iterable[Row]) -> Block:
        made: list[list[Value]] = []
        for (
            id_, version, code, submitted_at, answered_at, started_at, updated_at, channel,
            touchpoint, locale, respondent, is_sample, context, proof, claimed,
            probability, origin, standing, flags, document,
        ) in rows:  # fmt: skip
            state = STATES[int(code)]
            completed = updated_at if state == "complete" else None
            answered = submitted_at if answered_at is None else answered_at
            # Of what waited on a device the end is when it was answered.
            ended = answered if completed == submitted_at else completed
            said = decode_document(document)
            hidden = said.hidden and wire_answers(sheet.latest, said)[1]
            made.append([
                text_of_id(id_), survey, version, state, submitted_at, answered, started_at,
                completed, duration_s(started_at, ended), channel, touchpoint, locale, respondent,
                bool(is_sample), context_text(context), json_text(hidden) if hidden else None,
                proof > 0, PROOFS[proof] or None,
                claimed_json(claimed, context) if claimed else None, probability,
                PROOFS[origin] or None, STANDINGS[standing], flags or None,
                *pivot_of(version)(said),
            ])  # fmt: skip
        return made

    return make_rows


def _same(value: Value) -> Value:
    return value


_TYPED: Spelling[Value] = Spelling(None, _same, date.fromisoformat, _same, _same, _same, "1")
