"""What a file of decisions can be asked: which ones, which columns, and how it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.asking.rules.reasons import DecisionReason
from harken_server.asking.store.listing_sql import Wanted
from harken_server.exports.options import MOST_COLUMNS_CHARS, MOST_LATEST, Header, Labels
from harken_server.http.problems import BadRequestError
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.kernel.sheet_files import Dialect

FIRST_YEAR, LAST_YEAR = 1971, 9998


class DecisionsQuery(
    msgspec.Struct,
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"from_": "from"},
):
    """Which decisions, and what of them stands in the file."""

    from_: date | None = None
    """First day on which it was decided, in the workspace's time zone, included."""
    to: date | None = None
    """Last day, included."""
    survey: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Key of the survey that was to be asked."""
    touchpoint: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    channel: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    respondent: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """About one person."""
    asked: bool | None = None
    """Only where the person was asked, or only where not."""
    reason: DecisionReason | None = None
    columns: Annotated[str, msgspec.Meta(max_length=MOST_COLUMNS_CHARS)] | None = None
    """Names with commas between, in the order of the file. `context__store` and `trait__plan` are
    values that rules looked at then: nothing else of either is kept with a decision. `cursor` is
    where an interrupted download is taken up."""
    labels: Labels = "values"
    """Of reasons: their stored `values`, what they mean (`1`), or `both`, in a column beside."""
    header: Header = "key"
    """Whether columns are called by their keys or in words."""
    tz: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """The IANA time zone of all times, such as Europe/Oslo; left out: UTC."""
    latest: Annotated[int, msgspec.Meta(ge=1, le=MOST_LATEST)] | None = None
    """Only so many, those that were made last."""
    after: Annotated[str, msgspec.Meta(max_length=36)] | None = None
    """Only what was decided after this cursor."""


class DecisionsCsvQuery(
    DecisionsQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True,
    rename={"from_": "from"},
):  # fmt: skip
    """The same, and the signs of the file."""

    dialect: Dialect = "raw"
    """`raw` for programs; `spreadsheet` adds a byte order mark and guards against formulas."""
    locale: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    """The decimal sign of this language, and semicolons where those of its countries use them."""


def wanted_by(query: DecisionsQuery, survey_id: UUID | None, zone: tzinfo) -> Wanted:
    """What is read; BadRequestError for a period that ends before it begins, for years that nobody
    decides in, and for a cursor that this server never gave."""
    if query.from_ is not None and query.to is not None and query.to < query.from_:
        raise BadRequestError(
            f"The period ends ({query.to}) before it begins ({query.from_}).", code="bad_parameter"
        )
    return Wanted(
        touchpoint=query.touchpoint,
        channel=query.channel,
        respondent=query.respondent,
        survey_id=survey_id,
        is_asked=query.asked,
        reason=query.reason,
        first=None if query.from_ is None else _first_of("from", query.from_, 0, zone),
        end=None if query.to is None else _first_of("to", query.to, 1, zone),
        after=None if query.after is None else _cursor_of(query.after),
        latest=query.latest,
    )


def least_id(moment: datetime) -> UUID:
    """The least id that a decision of this moment can have."""
    return uuid7(moment, bytes(RANDOM_BYTES))


def _first_of(name: str, day: date, later: int, zone: tzinfo) -> UUID:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadRequestError(
            f"{name} is {day}; it must lie in the years {FIRST_YEAR} to {LAST_YEAR}.",
            code="bad_parameter",
        )
    begins = datetime.combine(day + timedelta(days=later), time(), zone)
    return least_id(begins.astimezone(UTC))


def _cursor_of(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise BadRequestError(
            "after is not a cursor that this server gave.", code="bad_cursor"
        ) from None
