"""Have PostgreSQL write the CSV itself: one COPY over one row a response, answers as one map each.

Packing the answers of a response into a map and taking cells out of it costs less than an
aggregate per column, and reads in the order of the feed without a sort.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from harken_server.database.database import Database
from harken_server.exports.rules import Column, Dialect
from harken_server.exports.store.wide_sql import WideExport, guarded, literal
from harken_server.surveys.questions.types import Question

MAX_COPY_COLUMNS = 1600
"""PostgreSQL selects at most 1,664."""
_QUOTED_METADATA = (2, 4, 9, 10, 11, 12, 14, 15)
_TIMES = {"raw": 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"', "spreadsheet": "YYYY-MM-DD HH24:MI:SS"}
_PART = 'a.part COLLATE "C"'
_CHOICE = """CASE WHEN a.choice IS NULL THEN to_json(a.text)::text
    WHEN a.text IS NULL THEN to_json(a.choice)::text
    ELSE '{"other":' || to_json(a.text)::text || '}' END"""
_PLAIN = f"coalesce(max(a.rating)::text, (max(a.number) + 0)::text, max({_CHOICE}))"


async def copy_rows(
    db: Database, export: WideExport, write: Callable[[bytes], Awaitable[None]]
) -> None:
    """Write every line, without a header; lines end in LF, texts are quoted, numbers bare."""
    cells = _metadata(export.survey, export.questions, export.dialect)
    quoted: set[int] = set(_QUOTED_METADATA)
    for column in export.columns:
        cells.append(_cell(column, export.dialect))
        if column.kind == "text":
            quoted.add(len(cells))
    source = _source(export.columns, export.selection.condition)
    if len(cells) > MAX_COPY_COLUMNS:
        await _write_lines(db, f"SELECT {_line(cells, quoted)}\n{source}", export, write)
        return
    selected = ",\n".join(f"{cell} AS c{number}" for number, cell in enumerate(cells, 1))
    names = [f"c{number}" for number in sorted(quoted)]
    await db.copy_csv(f"SELECT {selected}\n{source}", export.selection.params, write, names)


async def _write_lines(
    db: Database, sql: str, export: WideExport, write: Callable[[bytes], Awaitable[None]]
) -> None:
    async for rows in db.stream(sql, *export.selection.params, chunk=200):
        await write("".join([f"{line}\n" for (line,) in rows]).encode())


def _line(cells: Sequence[str], quoted: set[int]) -> str:
    """All cells as one text: for surveys with more columns than a row may have."""
    texts = [
        f"""'"' || replace({cell}, '"', '""') || '"'""" if number in quoted else f"({cell})::text"
        for number, cell in enumerate(cells, 1)
    ]
    return f"array_to_string(ARRAY[{', '.join(texts)}], ',', '')"


def _source(columns: Sequence[Column], condition: str) -> str:
    """Each response with its visible answers as a map from slot to text.

    `cells` maps slots, `others` the other-texts of single choices, `chosen` the questions of which
    something was chosen; the last two are made only when a column needs them.
    """
    # An answer uses one column, but for two: a single choice with an other-text has choice and text
    # (the choice is the cell, the text goes to `others`), a ranked or matrix part has its choice
    # beside `part`. So a choice counts before a text only where there is no part. `+ 0` takes the
    # sign off minus zero.
    visible = "FILTER (WHERE NOT a.is_hidden)"
    maps = [
        f"""jsonb_object_agg(a.question || '.' || a.part, coalesce(a.rating::text,
  CASE WHEN a.part = '' THEN a.choice END, a.text, a.choice, (a.number + 0)::text)) {visible}
  AS cells""",
        "bool_or(a.is_hidden) AS has_hidden",
    ]
    if any(column.part == "other" for column in columns):
        maps.append(
            "jsonb_object_agg(a.question, a.text) FILTER (WHERE NOT a.is_hidden"
            " AND a.part = '' AND a.choice IS NOT NULL) AS others"
        )
    if any(column.kind == "flag" for column in columns):
        maps.append(
            "jsonb_object_agg(a.question, 1) FILTER (WHERE NOT a.is_hidden"
            " AND a.part = a.choice) AS chosen"
        )
    return f"""FROM response r CROSS JOIN LATERAL (SELECT {", ".join(maps)}
  FROM answer a WHERE a.response_number = r.number) p
WHERE {condition} ORDER BY r.position"""  # noqa: S608  # keys and conditions of our own; values are parameters


def _cell(column: Column, dialect: Dialect) -> str:
    value = f"p.cells->>{literal(column.slot)}"
    if column.kind == "flag":
        # 0 only where something of the question was chosen; else the question was not answered.
        return f"""CASE WHEN p.chosen ? {literal(column.question)}
  THEN (p.cells ? {literal(column.slot)})::int END"""
    if column.kind == "text":
        if column.part == "other":
            value = f"coalesce({value}, p.others->>{literal(column.question)})"
        return guarded(f"({value})", dialect)
    return value


def _metadata(survey: str, questions: dict[str, Question], dialect: Dialect) -> list[str]:
    submitted, started, completed = (
        f"to_char(r.{name}_at AT TIME ZONE 'UTC', '{_TIMES[dialect]}')"
        for name in ("submitted", "started", "completed")
    )
    duration = " - ".join(
        f"floor(extract(epoch FROM r.{name}_at))::bigint" for name in ("completed", "started")
    )
    return [
        "r.id",
        f"{literal(survey)}::text",
        "r.version",
        "r.state",
        submitted,
        started,
        completed,
        f"CASE WHEN r.completed_at >= r.started_at THEN {duration} END",
        guarded("r.channel", dialect),
        guarded("r.touchpoint", dialect),
        guarded("r.locale", dialect),
        guarded("r.respondent", dialect),
        "r.is_sample::int",
        guarded("r.context", dialect),
        _hidden(questions),
        "r.is_verified::int",
    ]


def _hidden(questions: dict[str, Question]) -> str:
    """Hidden answers in wire form; looked up only for responses that have any."""
    keys = _array(questions)
    return f"""CASE WHEN p.has_hidden THEN (
  SELECT '{{' || string_agg(to_json(h.question)::text || ':' || h.value, ','
    ORDER BY array_position({keys}, h.question::text)) || '}}'
  FROM (SELECT a.question, {_wire_value(questions)} AS value FROM answer a
    WHERE a.response_number = r.number AND a.is_hidden GROUP BY a.question) h) END"""  # noqa: S608  # keys are checked names


def _wire_value(questions: dict[str, Question]) -> str:
    parts = [f"{key}.{part}" for key, each in questions.items() for part in each.parts()]
    in_order = f"array_position({_array(parts)}, a.question || '.' || a.part), {_PART}"
    by_form: dict[str, list[str]] = {}
    for key, question in questions.items():
        by_form.setdefault(_form(question, in_order), []).append(key)
    by_form.pop(_PLAIN, None)
    cases = [f"WHEN a.question = ANY({_array(keys)}) THEN {form}" for form, keys in by_form.items()]
    return f"CASE {' '.join(cases)} ELSE {_PLAIN} END" if cases else _PLAIN


def _form(question: Question, in_order: str) -> str:
    """SQL of the wire form of an answer's rows."""
    match question.behaviour.wire:
        case "list":
            return f"'[' || string_agg({_CHOICE}, ',' ORDER BY {in_order}) || ']'"
        case "order":
            return "'[' || string_agg(to_json(a.choice)::text, ',' ORDER BY a.rating) || ']'"
        case "map":
            entries = "to_json(a.part)::text || ':' || to_json(a.choice)::text"
            return f"'{{' || string_agg({entries}, ',' ORDER BY {in_order}) || '}}'"
        case "truth":
            return "(max(a.rating) = 1)::text"
        case "value":
            return _PLAIN


def _array(texts: Sequence[str] | dict[str, Question]) -> str:
    return f"ARRAY[{', '.join(map(literal, texts))}]::text[]"
