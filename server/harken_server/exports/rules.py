"""One column of an export: its name, and the part of an answer that stands in it."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Dialect: TypeAlias = Literal["raw", "spreadsheet"]
"""`raw` for programs: text untouched, RFC 3339 times, LF. `spreadsheet` for Excel, LibreOffice and
Sheets: byte order mark, CRLF, plain times, text that could be taken for a formula made harmless."""

METADATA_COLUMNS: tuple[str, ...] = (
    "response_id",
    "survey",
    "survey_version",
    "state",
    "submitted_at",
    "answered_at",
    "started_at",
    "completed_at",
    "duration_s",
    "channel",
    "touchpoint",
    "locale",
    "respondent",
    "is_sample",
    "context",
    "hidden_answers",
    "respondent_verified",
    "respondent_proof",
    "claimed_context",
    "probability",
)
"""The fixed first columns. Everything that may grow stands behind them, so no column ever moves."""


class Column(NamedTuple):
    """A question's column; a question with several parts has several."""

    name: str
    question: str
    part: str
    """What of the answer stands in it (`exports.forms`); empty for a question without parts."""
