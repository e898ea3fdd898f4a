"""What a file of responses may be asked for."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict


class ExportOptions(TypedDict, total=False):
    """Of every format; all may be left out."""

    from_: date | str | None
    """First day, included."""
    to: date | str | None
    """Last day, included."""
    touchpoint: str | None
    channel: str | None
    version: int | None
    where: str | None
    """One member of a dimension: `store:Oslo`."""
    standing: str | None
    columns: str | None
    """Names with commas between; `liked__*` is every one that begins so, `context__store` a value
    of the context."""
    labels: Literal["values", "1", "both"] | None
    """Of choices: stored values, labels, or both."""
    header: Literal["key", "label"] | None
    tz: str | None
    """The IANA time zone of all times, such as `Europe/Oslo`."""
    layout: Literal["wide", "long"] | None
    """One row a response, or one row an answer."""
    locale: str | None
    """Labels in this language."""
    latest: int | None
    """Only so many responses, those that changed last."""
    after: str | None
    """Only what came or changed after this cursor."""


class CsvOptions(ExportOptions, total=False):
    """Of CSV."""

    dialect: Literal["raw", "spreadsheet"]
    """`spreadsheet` opens right in Excel and Sheets and defuses formulas; `raw` is for programs."""
