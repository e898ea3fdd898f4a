"""What a query asks besides `$filter`: columns, order, how many, and where to go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from harken_server.odata.rules.filters import Condition, parse_filter
from harken_server.odata.rules.model import EntitySet
from harken_server.odata.rules.refusals import QueryError

MAX_COUNT = 2**31 - 1
MAX_ID = 2**128 - 1
"""Of a response, as a number."""
MAX_COLUMNS = 5_000
"""Named in `$select`; a survey has fewer."""
MAX_ORDERS = 10
PAGE = 1_000
"""Rows of a page."""
MAX_PAGE = 5_000
_PLACE = re.compile(r"([0-9]{1,39})\.([0-9]{1,6})\.([0-9]{1,10}|all)")
_PAGE_SIZE = re.compile(r"(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*\"?([0-9]{1,9})")


class Order(NamedTuple):
    """By a column, upwards unless it is said."""

    name: str
    is_descending: bool


class Place(NamedTuple):
    """Where a page ended: the next one goes on behind it."""

    number: int
    """The id of a response as a number, or how many were gone through."""
    row: int = 0
    """How many rows of that response were gone through."""
    left: int | None = None
    """How many more are wanted; None: all."""

    def __str__(self) -> str:
        return f"{self.number}.{self.row}.{'all' if self.left is None else self.left}"


class Wanted(NamedTuple):
    """A query that was understood."""

    condition: Condition | None
    columns: tuple[str, ...]
    is_all: bool
    """No columns were named."""
    orders: tuple[Order, ...]
    top: int | None
    skip: int
    is_counted: bool
    place: Place | None


def read_wanted(table: EntitySet, said: Sequence[str]) -> Wanted:
    """What the options say: filter, select, orderby, top, skip, count, skiptoken; empty if not.

    Raises QueryError.
    """
    filter_, select, orderby, top, skip, count, token = said
    types = table.types()
    names = tuple(types)
    wanted = _columns(select, names)
    return Wanted(
        condition=parse_filter(filter_, types) if filter_ else None,
        columns=wanted or names,
        is_all=not wanted,
        orders=_orders(orderby, names),
        top=_number("$top", top) if top else None,
        skip=_number("$skip", skip) if skip else 0,
        is_counted=_truth(count),
        place=_place(token) if token else None,
    )


def page_size(prefer: str) -> int:
    """Rows of a page, as far as the header Prefer wishes."""
    found = _PAGE_SIZE.search(prefer)
    return min(max(int(found[1]), 1), MAX_PAGE) if found else PAGE


def _columns(select: str, names: Sequence[str]) -> tuple[str, ...]:
    wanted = [each.strip() for each in select.split(",", MAX_COLUMNS)] if select else []
    if not wanted or "*" in wanted:
        return ()
    known = {*names}
    for name in wanted:
        if name not in known:
            raise QueryError(f"$select names {name[:64]!r}, which is no column of this table.")
    return tuple(dict.fromkeys(wanted))


def _orders(orderby: str, names: Sequence[str]) -> tuple[Order, ...]:
    found: list[Order] = []
    for each in orderby.split(",", MAX_ORDERS) if orderby else ():
        name, _, direction = each.strip().partition(" ")
        if "(" in each:
            raise QueryError("$orderby takes columns, and no functions.", is_unsupported=True)
        if name not in names or direction.strip() not in {"", "asc", "desc"}:
            raise QueryError(
                f"$orderby is not understood at {each.strip()[:64]!r}; it takes up to "
                f"{MAX_ORDERS} columns of this table, each perhaps with asc or desc."
            )
        found.append(Order(name, direction.strip() == "desc"))
    return tuple(found)


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= MAX_COUNT):
        raise QueryError(f"{name} is {text[:20]!r}; it must be a whole number from 0.")
    return int(text)


def _truth(text: str) -> bool:
    if text not in {"", "true", "false"}:
        raise QueryError(f"$count is {text[:20]!r}; it must be true or false.")
    return text == "true"


def _place(token: str) -> Place:
    found = _PLACE.fullmatch(token)
    if found is None or int(found[1]) > MAX_ID:
        raise QueryError("$skiptoken is none that this server gave.")
    return Place(int(found[1]), int(found[2]), None if found[3] == "all" else int(found[3]))
