"""Read responses for CSV from SQLite: one row a response, its answers packed into one string.

A pivot with an aggregate per column costs rows times columns; packing costs rows only. Quoting is
done in SQL, where the interpreter lock is free (docs/reference/performance.md has the figures).
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from harken_server.database.database import Database
from harken_server.exports.rules import Dialect
from harken_server.exports.store.wide_sql import WideExport, guarded, literal

CHUNK = 500
"""Rows at a time: made into lines in about a millisecond, so that requests need not wait longer."""
SEPARATOR = "\0"
"""Between slots and values; no stored text holds it."""
HIDDEN_MARK = "!"
"""Before the slot of an answer that the logic hides; its value is JSON."""


def stream_packed(
    db: Database, export: WideExport
) -> AsyncIterator[list[tuple[str, str | None, int]]]:
    """The finished metadata cells, the packed answers, and the last metadata cell of each row.

    Between the two stands `hidden_answers`, which is not known before the answers are unpacked.

    Packed is `slot, value, slot, value, …`: ready cells, except numbers (17 digits, to be
    shortened) and hidden answers (`[rating, number, choice, text]` as JSON). None means no answers.
    """
    sql = f"""SELECT {_head(export.survey, export.dialect)},
  (SELECT group_concat({_pair(export.dialect)}, char(0))
    FROM answer a WHERE a.response_number = r.number),
  r.is_verified
FROM response r WHERE {export.selection.condition} ORDER BY r.position"""  # noqa: S608  # values are parameters
    return db.stream(sql, *export.selection.params, chunk=CHUNK)


def _head(survey: str, dialect: Dialect) -> str:
    """All metadata cells of a row as one text: `%w` doubles the quotes inside it."""
    times = [_time(f"r.{name}_at", dialect) for name in ("submitted", "started", "completed")]
    channel, touchpoint, locale, respondent, context = (
        guarded(f"r.{name}", dialect)
        for name in ("channel", "touchpoint", "locale", "respondent", "context")
    )
    return f"""printf('%s,"%w",%d,"%w",%s,%s,%s,%s,"%w","%w","%w",%s,%d,"%w"',
  r.id, {literal(survey)}, r.version, r.state, {", ".join(times)}, {_DURATION_S},
  {channel}, {touchpoint}, {locale},
  CASE WHEN r.respondent IS NULL THEN '' ELSE printf('"%w"', {respondent}) END,
  r.is_sample, {context})"""


def _time(column: str, dialect: Dialect) -> str:
    shown = column if dialect == "raw" else f"substr(replace({column}, 'T', ' '), 1, 19)"
    return f"coalesce({shown}, '')"


_DURATION = "unixepoch(r.completed_at) - unixepoch(r.started_at)"
_DURATION_S = f"CASE WHEN r.completed_at >= r.started_at THEN {_DURATION} ELSE '' END"


def _pair(dialect: Dialect) -> str:
    """Slot and value of one answer; a single choice with an other-text gives two pairs."""
    # `coalesce(… || text …, '')`: anything joined to NULL is NULL, so no other-text gives no pair.
    text = f"""'"' || replace({guarded("a.text", dialect)}, '"', '""') || '"'"""
    other = f"coalesce(char(0) || a.question || '.other' || char(0) || {text}, '')"
    return f"""CASE WHEN a.is_hidden
  THEN '!' || a.question || '.' || a.part || char(0)
    || json_array(a.rating, {_NUMBER}, a.choice, a.text)
  ELSE a.question || '.' || a.part || char(0) || CASE
    WHEN a.rating IS NOT NULL THEN a.rating
    WHEN a.choice IS NOT NULL AND a.part = '' THEN '"' || a.choice || '"' || {other}
    WHEN a.text IS NOT NULL THEN {text}
    WHEN a.choice IS NOT NULL THEN '"' || a.choice || '"'
    ELSE {_NUMBER} END END"""


_NUMBER = "CASE WHEN a.number IS NOT NULL THEN printf('%!.17g', a.number) END"
