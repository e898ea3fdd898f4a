"""Put packed answers into the cells of their columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

from harken_server.exports.numbers import number_text
from harken_server.exports.rules import Column
from harken_server.exports.store.sqlite_sql import HIDDEN_MARK, SEPARATOR
from harken_server.surveys.answers.typed_rows import AnswerRow, answers_from_rows
from harken_server.surveys.questions.types import Question

PackedRow = tuple[str, str | None, int]
LineMaker = Callable[[Sequence[PackedRow]], bytes]


class _Special(NamedTuple):
    """A slot whose value is not simply put into its column."""

    column: int
    is_number: bool
    is_flag: bool
    flags: tuple[int, ...]
    """Every flag of the question: answering one of its choices makes the others 0."""


def line_maker(
    columns: Sequence[Column], questions: dict[str, Question], line_end: str
) -> LineMaker:
    """A function from packed rows to the bytes of their lines, hidden answers included."""
    plain, special = _places(columns)
    blank = [""] * len(columns)

    def make_lines(rows: Sequence[PackedRow]) -> bytes:
        lines: list[str] = []
        for head, packed, is_verified in rows:
            cells = blank.copy()
            rest: list[tuple[str, str]] = []
            tokens = packed.split(SEPARATOR) if packed is not None else ()
            for slot, value in zip(tokens[::2], tokens[1::2], strict=True):
                if (column := plain.get(slot)) is not None:
                    cells[column] = value
                elif (place := special.get(slot)) is not None:
                    _put(cells, place, value)
                else:
                    rest.append((slot, value))
            hidden = _hidden_cell(rest, questions) if rest else ""
            lines.append(f"{head},{hidden},{is_verified},{','.join(cells)}{line_end}")
        return "".join(lines).encode()

    return make_lines


def hidden_answers(questions: dict[str, Question], rows: Sequence[AnswerRow]) -> str:
    """Hidden answers in wire form as JSON, exactly as PostgreSQL's `to_json` writes it."""
    _, hidden = answers_from_rows(questions, rows)
    return _json(hidden)


def _places(columns: Sequence[Column]) -> tuple[dict[str, int], dict[str, _Special]]:
    flags: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        if column.kind == "flag":
            flags.setdefault(column.question, []).append(place)
    plain: dict[str, int] = {}
    special: dict[str, _Special] = {}
    for place, column in enumerate(columns):
        if column.kind == "number" or column.question in flags:
            own = tuple(flags.get(column.question, ()))
            kind = column.kind
            special[column.slot] = _Special(place, kind == "number", kind == "flag", own)
        else:
            plain[column.slot] = place
    return plain, special


def _put(cells: list[str], place: _Special, value: str) -> None:
    for flag in place.flags:
        cells[flag] = cells[flag] or "0"
    if place.is_flag:
        cells[place.column] = "1"
    else:
        cells[place.column] = number_text(float(value)) if place.is_number else value


def _hidden_cell(packed: Sequence[tuple[str, str]], questions: dict[str, Question]) -> str:
    rows: list[AnswerRow] = []
    for slot, value in packed:
        if slot.startswith(HIDDEN_MARK):
            question, part = slot.removeprefix(HIDDEN_MARK).split(".")
            rating, number, choice, text = json.loads(value)
            number = None if number is None else float(number)
            rows.append(AnswerRow(question, part, rating, number, choice, text, is_hidden=True))
    shown = hidden_answers(questions, rows)
    return f'"{shown.replace(chr(34), chr(34) * 2)}"'


def _json(value: Any) -> str:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return "{" + ",".join(f"{_json(key)}:{_json(item)}" for key, item in members.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, cast("list[Any]", value))) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(float(value))
    return json.dumps(value, ensure_ascii=False)
