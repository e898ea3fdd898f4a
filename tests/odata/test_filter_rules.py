"""`$filter` means what it says, and whatever else is sent is refused in bounded time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.odata.rules.filters import MAX_CHARS, Condition, parse_filter
from harken_server.odata.rules.model import Edm, EntitySet, Property
from harken_server.odata.rules.narrowing import narrow
from harken_server.odata.rules.options import read_wanted
from harken_server.odata.rules.refusals import QueryError
from harken_server.responses.response import CountFilter

T = TypeVar("T")
TYPES: dict[str, Edm] = {
    "number": "Edm.Int32", "share": "Edm.Double", "text": "Edm.String", "truth": "Edm.Boolean",
    "day": "Edm.Date", "moment": "Edm.DateTimeOffset", "id": "Edm.Guid",
}  # fmt: skip
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": st.integers(-3, 3),
    "share": st.sampled_from([-1.5, 0.0, 2.25, 1e3]),
    "text": st.sampled_from(["", "a", "O'Brien", "and or not (", "null", "\u00e5"]),
    "truth": st.booleans(),
    "day": st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    "moment": st.integers(0, 3).map(lambda hour: datetime(2026, 1, 1, hour, tzinfo=UTC)),
    "id": st.integers(0, 2).map(lambda number: UUID(int=number)),
}
ROWS = st.fixed_dictionaries({name: st.none() | kind for name, kind in VALUES.items()})


def written(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return "'" + value.replace("'", "''") + "'"
        case datetime() | date():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return str(value)


def truth_of(cell: Any, compared: str, value: Any) -> bool:
    if compared in {"eq", "ne"}:
        return (cell == value) is (compared == "eq")
    if cell is None or value is None:
        return False
    return {"gt": cell > value, "ge": cell >= value, "lt": cell < value, "le": cell <= value}[
        compared
    ]


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[str, Any]:
    """A text, and a function that says of a row whether it holds."""
    name = draw(st.sampled_from([*TYPES]))
    compared = draw(st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]))
    value = draw(st.none() | VALUES[name])
    return (
        f"{name} {compared} {written(value)}",
        lambda row: truth_of(row[name], compared, value),
    )


def joined(inner: st.SearchStrategy[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    """Each side in parentheses, so that what binds how is another test's matter."""
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: (f"({p[0][0]}) and ({p[1][0]})", lambda r: p[0][1](r) and p[1][1](r))),
        pairs.map(lambda p: (f"({p[0][0]}) or ({p[1][0]})", lambda r: p[0][1](r) or p[1][1](r))),
        inner.map(lambda one: (f"not ({one[0]})", lambda row: not one[1](row))),
    )


@given(st.recursive(comparisons(), joined, max_leaves=6), ROWS)
def test_a_filter_holds_where_its_words_do(told: tuple[str, Any], row: dict[str, Any]) -> None:
    text, holds = told
    assert parse_filter(text, TYPES).holds(row) is holds(row)


def test_and_binds_more_than_or_and_not_more_than_both() -> None:
    def holds(text: str, **row: Any) -> bool:
        return parse_filter(text, TYPES).holds(row)

    assert holds("number eq 1 or number eq 2 and truth eq true", number=1, truth=False)
    assert not holds("(number eq 1 or number eq 2) and truth eq true", number=1, truth=False)
    assert holds("not number eq 1 or truth eq true", number=1, truth=True)
    assert not holds("not (number eq 1 or truth eq true)", number=1, truth=True)


def understood(read: Callable[[], T]) -> T | str:
    """What was read, or why it was not."""
    try:
        return read()
    except QueryError as error:
        return error.message


WORDS = ["(", ")", ",", "'", "''", "and", "or", "not", "eq", "gt", "in", "null", *TYPES, "1", "x",
         "2026-01-01", "1e999", "contains", "\t", "\u202e", "9" * 30]  # fmt: skip


@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_whatever_is_sent_is_understood_or_refused(text: str) -> None:
    found = understood(lambda: parse_filter(text, TYPES))
    if isinstance(found, str):
        assert 0 < len(found) < 400
    else:
        assert found.holds(dict.fromkeys(TYPES)) in {True, False}


TABLE = EntitySet("Table", tuple(Property(name, edm) for name, edm in TYPES.items()))


@given(st.lists(st.text(max_size=60), min_size=7, max_size=7))
def test_whatever_other_options_say_is_understood_or_refused(said: list[str]) -> None:
    found = understood(lambda: read_wanted(TABLE, said))
    if isinstance(found, str):
        assert 0 < len(found) < 400
    else:
        assert {*found.columns} <= TYPES.keys()


@pytest.mark.parametrize("text", ["x" * (MAX_CHARS + 1), "number eq 1 and " * 240 + "number eq 1"])
def test_there_is_a_most_of_everything(text: str) -> None:
    with pytest.raises(QueryError):
        parse_filter(text, TYPES)


RESPONSE: dict[str, Edm] = {
    "touchpoint": "Edm.String", "channel": "Edm.String", "survey_version": "Edm.Int32",
    "answered_at": "Edm.DateTimeOffset", "submitted_at": "Edm.DateTimeOffset",
}  # fmt: skip


def narrowed(text: str) -> tuple[CountFilter, tuple[Condition, ...]]:
    return narrow(parse_filter(text, RESPONSE), CountFilter())


def test_the_database_is_asked_what_it_has_a_place_for() -> None:
    whole = narrowed("touchpoint eq 'till' and (channel eq 'web' and survey_version eq 2)")
    day = date(2026, 5, 4).toordinal()
    from_, to = "2026-05-04T10:00:00Z", "2026-05-05T00:00:00Z"

    assert whole == (CountFilter(touchpoint="till", channel="web", version=2), ())
    assert narrowed(f"answered_at ge {from_} and answered_at lt {to}")[0] == CountFilter(
        from_day=day, to_day=day + 1
    )
    assert narrowed(f"submitted_at ge {from_} and submitted_at lt {to}")[0] == CountFilter(
        to_day=day + 1
    )
    assert len(narrowed(f"answered_at ge {from_}")[1]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "channel ne 'web'", "channel eq null", "not channel eq 'web'", "survey_version eq 1.5",
        "survey_version eq 3000000000", "channel eq 'web' or channel eq 'email'",
        "channel gt 'web'",
    ],
)  # fmt: skip
def test_what_it_has_none_for_is_asked_of_each_row(text: str) -> None:
    assert narrowed(text)[0] == CountFilter()
    assert len(narrowed(text)[1]) == 1
