"""One column of an export: its name, and the typed answer row from which its cell comes."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from harken_server.surveys.questions.behaviour import CellKind

Dialect: TypeAlias = Literal["raw", "spreadsheet"]
"""`raw` for programs: text untouched, RFC 3339 times, LF. `spreadsheet` for Excel, LibreOffice and
Sheets: byte order mark, CRLF, plain times, text that could be taken for a formula made harmless."""

METADATA_COLUMNS: tuple[str, ...] = (
    "response_id",
    "survey",
    "survey_version",
    "state",
    "submitted_at",
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
)
"""The fixed first columns. Everything that may grow stands behind them, so no column ever moves."""


class Column(NamedTuple):
    """A question's column; a question with several parts has several."""

    name: str
    question: str
    part: str
    """The part of the answer row (`surveys.answers.typed_rows`), or `other` for the other-text."""
    kind: CellKind

    @property
    def slot(self) -> str:
        """The cell's address in one response: no key or value holds a dot."""
        return f"{self.question}.{self.part}"
