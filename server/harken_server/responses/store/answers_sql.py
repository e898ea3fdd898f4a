"""All answers of a response as one JSON document, made by the database that keeps them as rows."""

from __future__ import annotations

import msgspec

from harken_server.database.database import Database
from harken_server.surveys.answers.typed_rows import AnswerRow

# SQLite's own JSON cuts a number to 15 digits; 17 give it back.
_SQLITE_NUMBER = "CASE WHEN a.number IS NOT NULL THEN json(printf('%!.17g', a.number)) END"
_SQLITE_ROW = f"a.question, a.part, a.rating, {_SQLITE_NUMBER}, a.choice, a.text"
# The last field is left out where it is false: SQLite makes a JSON boolean by parsing one.
_SQLITE = f"""json_group_array(CASE WHEN a.is_hidden
  THEN json_array({_SQLITE_ROW}, json('true')) ELSE json_array({_SQLITE_ROW}) END)"""
_POSTGRES = """json_agg(json_build_array(a.question, a.part, a.rating, a.number, a.choice, a.text,
  a.is_hidden))::text"""

_decoder = msgspec.json.Decoder(list[AnswerRow])


def answers_document(db: Database) -> str:
    """SQL for the document of `response r`; for `decode_answers`, and NULL or empty without any."""
    rows = _SQLITE if db.dialect == "sqlite" else _POSTGRES
    return f"(SELECT {rows} FROM answer a WHERE a.response_number = r.number)"  # noqa: S608  # our own column lists


def decode_answers(document: str | None) -> list[AnswerRow]:
    """The rows of a document, in no order."""
    return [] if document is None else _decoder.decode(document)
