"""What every export can be asked: which rows, which columns, and how they are written."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from harken_server.database.lanes import MAX_CURSOR, Positions, decode_cursor
from harken_server.http.problems import BadRequestError
from harken_server.kernel.sheet_files import CsvStyle, Dialect, style_of
from harken_server.responses.filters import FilterQuery

MOST_LATEST = 100_000
MOST_COLUMNS_CHARS = 4_000
Labels: TypeAlias = Literal["values", "1", "both"]
Layout: TypeAlias = Literal["wide", "long"]
Header: TypeAlias = Literal["key", "label"]


class HowWritten(Protocol):
    """How a file is written, whatever its rows are."""

    @property
    def columns(self) -> str | None:
        """Which columns; None: all."""
        ...

    @property
    def labels(self) -> Labels:
        """Stored values, or what they mean."""
        ...

    @property
    def header(self) -> Header:
        """What columns are called."""
        ...

    @property
    def tz(self) -> str | None:
        """The zone of times."""
        ...


class ExportQuery(
    FilterQuery,
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"from_": "from"},
):
    """The filter, and what of the responses stands in the file."""

    columns: Annotated[str, msgspec.Meta(max_length=MOST_COLUMNS_CHARS)] | None = None
    """Names with commas between, in the order of the file; `liked__*` is every one that begins so.
    `context__store` and `trait__plan` are values of the context and of who is proved to answer,
    `context__*` and `trait__*` those that are declared dimensions; `cursor` is where an interrupted
    download is taken up."""
    labels: Labels = "values"
    """Of choices: their stored `values`, their labels (`1`), or `both`, in a column beside."""
    header: Header = "key"
    """Whether columns are called by their keys or by what was asked."""
    tz: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """The IANA time zone of all times, such as Europe/Oslo; left out: UTC."""
    layout: Layout = "wide"
    """One row a response, or one row an answer."""
    locale: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    """Labels in this language; in CSV also its decimal sign, and semicolons where those of its
    countries use them."""
    latest: Annotated[int, msgspec.Meta(ge=1, le=MOST_LATEST)] | None = None
    """Only so many responses, those that changed last."""
    after: Annotated[str, msgspec.Meta(max_length=MAX_CURSOR)] | None = None
    """Only what came or changed after this cursor."""

    @property
    def is_plain(self) -> bool:
        """Whether every column is as it always is, whichever rows there are."""
        return (
            self.columns is None
            and self.labels == "values"
            and self.header == "key"
            and self.tz is None
            and self.layout == "wide"
        )


class CsvQuery(
    ExportQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True,
    rename={"from_": "from"},
):  # fmt: skip
    """The same, and the dialect."""

    dialect: Dialect = "raw"
    """`raw` for programs; `spreadsheet` adds a byte order mark and guards against formulas."""


def zone_of(query: HowWritten) -> ZoneInfo | None:
    """The time zone of the times, None for UTC; BadRequestError for one that nobody knows."""
    if query.tz is None:
        return None
    try:
        return ZoneInfo(query.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequestError(
            f"tz is {query.tz!r}; it must be an IANA time zone such as Europe/Oslo or UTC.",
            code="bad_parameter",
        ) from None


def positions_of(query: ExportQuery) -> Positions:
    """Behind which positions of the feed rows begin; BadRequestError (`bad_cursor`)."""
    if query.after is None:
        return {}
    positions = decode_cursor(query.after)
    if positions is None:
        raise BadRequestError("after is not a cursor that this server gave.", code="bad_cursor")
    return positions


def csv_style_of(query: ExportQuery) -> CsvStyle:
    """The signs of a CSV file; BadRequestError for a locale that nothing is known of."""
    return csv_style(query.dialect if isinstance(query, CsvQuery) else "raw", query.locale)


def csv_style(dialect: Dialect, locale: str | None) -> CsvStyle:
    """The same of these; BadRequestError for a locale that nothing is known of."""
    try:
        return style_of(dialect, locale)
    except ValueError:
        raise BadRequestError(
            f"locale is {locale!r}; it must be a language, perhaps with a country, whose "
            "numbers are known, such as en, de, fr, nb or de-CH.",
            code="bad_parameter",
        ) from None
