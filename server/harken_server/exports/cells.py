"""The pivot: a response with its answers becomes one line of a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from harken_server.database.database import Row
from harken_server.exports.forms import Quote, form_of
from harken_server.exports.rules import Column, Dialect
from harken_server.exports.store.lines import text_of_id, text_of_time
from harken_server.kernel.numbers import number_text
from harken_server.kernel.sheet_cells import guard_formula
from harken_server.responses.codes import STATES
from harken_server.responses.store.row import wire_form
from harken_server.surveys.answers.typed_rows import AnswerValue
from harken_server.surveys.questions.types import Question


def line_maker(
    survey: str, columns: Sequence[Column], questions: Mapping[str, Question], dialect: Dialect
) -> Callable[[Iterable[Row]], bytes]:
    """A function from responses to the bytes of their lines; texts are quoted, numbers bare.

    Rows are as `exports.store.lines` reads them; `questions` are all that ever were, as their
    latest versions have them.
    """
    is_raw = dialect == "raw"
    quote = _quoted if is_raw else _quoted_and_guarded
    time_cell = _raw_time if is_raw else _plain_time
    line_end = "\n" if is_raw else "\r\n"
    pivot = make_pivot(columns, questions, quote)

    def make_lines(rows: Iterable[Row]) -> bytes:
        lines: list[str] = []
        # Unpacked rather than named in a record: that would be a tenth of the time of a line.
        for (
            id_, version, code, submitted_at, started_at, updated_at, channel, touchpoint,
            locale, respondent, is_sample, context, is_verified, document,
        ) in rows:  # fmt: skip
            state = STATES[int(code)]
            submitted, started = text_of_time(submitted_at), text_of_time(started_at)
            completed = text_of_time(updated_at) if state == "complete" else None
            visible, hidden = wire_form(questions, document)
            lines.append(
                f'{text_of_id(id_)},"{survey}",{version},"{state}",'
                f"{time_cell(submitted)},{time_cell(started)},{time_cell(completed)},"
                f"{_duration_s(started, completed)},"
                f"{quote(channel)},{quote(touchpoint)},{quote(locale)},"
                f"{'' if respondent is None else quote(respondent)},{is_sample:d},{quote(context)},"
                f"{_quoted(_json(hidden)) if hidden else ''},{is_verified:d},"
                f"{','.join(pivot(visible))}{line_end}"
            )
        return "".join(lines).encode()

    return make_lines


def make_pivot(
    columns: Sequence[Column], questions: Mapping[str, Question], quote: Quote
) -> Callable[[Mapping[str, AnswerValue]], list[str]]:
    """A function from the answers of a response, in wire form, to the cells of the columns."""
    parts: dict[str, dict[str, int]] = {key: {} for key in questions}
    for place, column in enumerate(columns):
        parts[column.question][column.part] = place
    forms = {key: (form_of(question), parts[key]) for key, question in questions.items()}
    blank = [""] * len(columns)

    def pivot(answers: Mapping[str, AnswerValue]) -> list[str]:
        cells = blank.copy()
        for key, value in answers.items():
            cells_of, places = forms[key]
            for part, cell in cells_of(value, places, quote):
                cells[places[part]] = cell
        return cells

    return pivot


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted_and_guarded(text: str) -> str:
    return _quoted(guard_formula(text))


def _raw_time(time: str | None) -> str:
    return time or ""


def _plain_time(time: str | None) -> str:
    return time[:19].replace("T", " ") if time else ""


def _duration_s(started: str | None, completed: str | None) -> str:
    """Whole seconds between the seconds of both; empty when a clock was wrong."""
    if started is None or completed is None or completed < started:
        return ""
    between = datetime.fromisoformat(completed[:19]) - datetime.fromisoformat(started[:19])
    return str(between.days * 86_400 + between.seconds)


def _json(value: Any) -> str:
    """JSON with numbers as they are in cells."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return "{" + ",".join(f"{_json(key)}:{_json(item)}" for key, item in members.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, cast("list[Any]", value))) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(float(value))
    return json.dumps(value, ensure_ascii=False)
