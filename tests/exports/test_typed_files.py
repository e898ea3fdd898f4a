"""An answer of any type is read back from every typed file as it was given, by other readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from every_type import TYPES, answers_to, asked, question_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tiers import chosen
from typed_files import (
    parquet_of,
    read_calamine,
    read_openpyxl,
    read_parquet,
    read_sav,
    sav_of,
    xlsx_of,
)

from harken_server.exports.table import Table, table_of
from harken_server.kernel.formats import is_blank
from harken_server.responses.store.row import encode_answers
from harken_server.surveys.answers.checkers import rules_of
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.survey import Survey

NASTY = (
    "=1+1", "+47 22 12 34 56", "-1", "@SUM(1)", "007", "1e5", "12345678901234567890", "TRUE",
    "10/10", "2026-01-01", "'=1", " lead and trail ", "two\nlines", "\x01\x1f\x7f\x85", "_x0041_",
    "\U0001f355\U0001f469\u200d\U0001f467 e\u0301", "\u202e\u0645\u0631\u202c", "<b>&amp;</b>",
    '"; DROP', "#REF!", "\ufffe", "\t", "\u20ac\xa0",
)  # fmt: skip
ANSWERED = [kind for kind in TYPES if question_of(kind).behaviour.takes_answer]
TIME = 1_764_504_000_250


def table_with(kinds: Sequence[str]) -> tuple[Table, dict[str, Any]]:
    questions = [asked(kind, key=f"q_{kind}") for kind in kinds]
    survey = msgspec.convert({"key": "visit", "title": "V", "questions": questions}, Survey)
    return table_of("visit", [(1, survey)]), {each.key: each for each in survey.questions}


def row_of(number: int, rows: Sequence[AnswerRow], **said: Any) -> tuple[Any, ...]:
    """As `exports.store.lines` reads it."""
    respondent, context = said.get("respondent"), said.get("context", "{}")
    return (
        UUID(int=number).bytes, 1, 1, TIME, None, TIME - 5000, TIME, "web", "till", "en",
        respondent, 0, context, 0, "", None, 0, 0, "", encode_answers(rows),
    )  # fmt: skip


def rows_of_answer(question: Any, answer: Any) -> list[AnswerRow] | None:
    """None for an answer that is refused."""
    rows: list[AnswerRow] = []
    if is_blank(answer) or rules_of(question).check(answer, rows):
        return None
    return [AnswerRow(question.key, *row[1:]) for row in rows]


def cell_of(value: Any) -> Any:
    """No cell and an empty text are alike in a sheet."""
    return None if value == "" else value


@pytest.mark.processes
def test_every_type_and_every_nasty_text_is_read_back_alike(tmp_path: Path) -> None:
    table, _ = table_with(ANSWERED)
    answers = [
        [
            AnswerRow("q_short_text", text=text),
            AnswerRow("q_long_text", text=text),
            AnswerRow("q_single_choice", choice="other", text=text),
            AnswerRow("q_multiple_choice", "a", choice="a"),
            AnswerRow("q_multiple_choice", "other", choice="other", text=text),
        ]
        for text in NASTY
    ]
    block = table.rows_of(
        [
            row_of(number, rows, respondent=text, context=msgspec.json.encode({"a": text}).decode())
            for number, (rows, text) in enumerate(zip(answers, NASTY, strict=True), 1)
        ]
    )
    names = [column.name for column in table.columns]
    places = [
        names.index(name)
        for name in (
            "respondent", "q_short_text", "q_long_text", "q_single_choice__other",
            "q_multiple_choice__other",
        )
    ]  # fmt: skip

    xlsx = xlsx_of(table, block)
    frame, _ = read_sav(sav_of(table, block), tmp_path)

    for place in places:
        assert [row[place] for row in read_openpyxl(xlsx)] == list(NASTY)
        assert [row[place] for row in read_calamine(xlsx)] == [
            "_xFFFE_" if text == "\ufffe" else text
            for text in NASTY  # as it stands in the file
        ]
        assert [row[names[place]] for row in read_parquet(parquet_of(table, block))] == list(NASTY)
        assert list(frame[names[place]]) == [text.rstrip(" ") for text in NASTY]


def test_a_row_of_a_matrix_keeps_its_label_where_a_column_is_called_alike() -> None:
    rows = [{"value": "a", "label": "Row A"}]
    columns = [{"value": "a", "label": "Column A"}, {"value": "b", "label": "Column B"}]
    question = asked("matrix", rows=rows, columns=columns)
    survey = msgspec.convert({"key": "v", "title": "V", "questions": [question]}, Survey)

    found = table_of("v", [(1, survey)]).columns[-1]

    assert found.title == "Asked?: Row A"
    assert found.labels == {"a": "Column A", "b": "Column B"}


@pytest.mark.parametrize("kind", ANSWERED)
@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_an_answer_of_each_type_is_in_the_workbook_as_it_is_in_the_table(
    kind: str, data: st.DataObject
) -> None:
    table, questions = table_with([kind])
    (question,) = questions.values()
    rows = rows_of_answer(question, data.draw(answers_to(question)))
    assume(rows is not None)
    block = table.rows_of([row_of(1, rows or [])])

    ((*cells,),) = read_openpyxl(xlsx_of(table, block))
    (record,) = read_parquet(parquet_of(table, block))

    for value, cell, column in zip(block[0], cells, table.columns, strict=True):
        if not column.name.startswith("q_"):
            continue
        assert record[column.name] == value
        if column.kind == "day" and value is not None and value < date(1900, 3, 1):
            assert cell == value.isoformat()
        elif column.kind == "day":
            assert cell is None if value is None else cell.date() == value
        else:
            assert cell_of(cell) == cell_of(value)
            assert value in {None, ""} or type(cell) in {type(value), float}


@pytest.mark.processes
@pytest.mark.parametrize("kind", chosen(ANSWERED, "matrix", "number", "date"))
@given(data=st.data())
@settings(max_examples=1)
def test_an_answer_of_each_type_is_in_the_spss_file(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    table, questions = table_with([kind])
    (question,) = questions.values()
    rows = rows_of_answer(question, data.draw(answers_to(question)))
    assume(rows is not None)
    block = table.rows_of([row_of(1, rows or []), row_of(2, [])])

    frame, said = read_sav(sav_of(table, block), tmp_path_factory.mktemp("sav"))

    for name, values in ((c.name, (block[0][p], block[1][p])) for p, c in enumerate(table.columns)):
        if not name.startswith("q_"):
            continue
        first, second = frame[name]
        assert second == "" or second != second or second is None or str(second) == "NaT"
        if isinstance(values[0], str):
            assert first == values[0].rstrip(" ")
        elif values[0] is not None:
            assert first in {values[0], str(values[0])}
    assert said.column_names_to_labels["survey_version"] == "Version that was shown"
