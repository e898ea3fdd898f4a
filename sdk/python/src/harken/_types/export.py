"""What exports may be asked, and jobs that make files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypedDict

import msgspec

from harken._types.numbers.options import AnswerOptions


class ExportOptions(AnswerOptions, total=False):
    """Which responses a file has, and how they are written; all may be left out."""

    columns: str | None
    """Names with commas between: `recommend,liked__*,context__store,trait__plan`."""
    labels: Literal["values", "1", "both"] | None
    """Of choices: stored values, labels (`1`), or both."""
    header: Literal["key", "label"] | None
    tz: str | None
    """The IANA time zone of times, such as `Europe/Oslo`."""
    layout: Literal["wide", "long"] | None
    """One row a response, or one row an answer."""
    locale: str | None
    """Labels in this language, and in CSV its decimal sign and separator."""
    latest: int | None
    """Only so many, those that changed last."""
    after: str | None
    """Only what came or changed after this cursor."""


class CsvOptions(ExportOptions, total=False):
    """The same, and the dialect."""

    dialect: Literal["raw", "spreadsheet"]


class DecisionOptions(TypedDict, total=False):
    """Which decisions a file has, and how they are written; all may be left out."""

    from_: date | str | None
    """First day, included."""
    to: date | str | None
    """Last day, included."""
    survey: str | None
    touchpoint: str | None
    channel: str | None
    respondent: str | None
    asked: bool | None
    """Only where the person was asked, or only where not."""
    reason: str | None
    columns: str | None
    """Names with commas between: `decided_at,reason,explanation,context__store`."""
    labels: Literal["values", "1", "both"] | None
    """Of reasons: stored values, what they mean (`1`), or both."""
    header: Literal["key", "label"] | None
    tz: str | None
    """The IANA time zone of times, such as `Europe/Oslo`."""
    latest: int | None
    """Only so many, those that were made last."""
    after: str | None
    """Only what was decided after this cursor."""
    dialect: Literal["raw", "spreadsheet"]
    """Of CSV."""
    locale: str | None
    """Of CSV: its decimal sign and separator."""


class ExportJob(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the server makes, or made."""

    id: str
    survey: str
    format: str
    state: str
    """`waiting`, `running`, `done`, `failed` or `removed`."""
    rows_done: int
    rows_total: int | None = None
    """None while it is not known."""
    size: int | None = None
    """Bytes of the finished file."""
    name: str = ""
    problem: str = ""
    """Why there is no file."""
    created_at: datetime
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    url: str | None = None
    """Where the finished file is, without a key, until `expires_at`."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in {"done", "failed", "removed"}
