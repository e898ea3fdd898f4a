"""What of a `$filter` the database can be asked, so that fewer responses are gone through.

The whole condition is asked of each row nevertheless.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from harken_server.odata.rules.filters import Comparison, Condition, conjuncts_of
from harken_server.responses.response import CountFilter

_TEXTS = {"touchpoint": "touchpoint", "channel": "channel"}
_UP, _DOWN = frozenset({"ge", "gt", "eq"}), frozenset({"le", "lt", "eq"})


class Narrowed(NamedTuple):
    """A filter of storage, and what it leaves to be asked of each row."""

    selection: CountFilter
    rest: tuple[Condition, ...]


def narrow(condition: Condition | None, selection: CountFilter) -> Narrowed:
    """The filter with what it has a place for: one touchpoint, channel and version, and days.

    Whatever it has said already stays. What it now says in full is not among the rest. Of the
    latest of each person nothing is left out: others would become the latest.
    """
    if selection.is_latest:
        return Narrowed(selection, tuple(conjuncts_of(condition)))
    rest: list[Condition] = []
    for each in conjuncts_of(condition):
        narrower, is_said = _with(selection, each)
        selection = narrower
        if not is_said:
            rest.append(each)
    return Narrowed(selection, tuple(rest))


def _with(selection: CountFilter, each: Condition) -> tuple[CountFilter, bool]:
    if not isinstance(each, Comparison) or each.value is None:
        return selection, False
    name = "version" if each.name == "survey_version" else _TEXTS.get(each.name)
    if name is not None and each.operator == "eq" and getattr(selection, name) is None:
        value = _stored(each.value)
        if value is None:
            return selection, False
        return msgspec.structs.replace(selection, **{name: value}), True
    if isinstance(each.value, datetime):
        return _days(selection, each.name, each.operator, each.value.toordinal()), False
    return selection, False


def _stored(value: object) -> str | int | None:
    """A version is a whole number of 32 bits."""
    if isinstance(value, str):
        return value
    is_version = isinstance(value, float) and value.is_integer() and 0 < value < 2**31
    return int(value) if is_version and isinstance(value, float) else None


def _days(selection: CountFilter, name: str, compared: str, day: int) -> CountFilter:
    """Responses are kept by the day on which they were answered, which is not after they came."""
    first, last = selection.from_day, selection.to_day
    if name == "answered_at" and compared in _UP:
        first = day if first is None else max(first, day)
    if name in {"answered_at", "submitted_at"} and compared in _DOWN:
        last = day if last is None else min(last, day)
    return msgspec.structs.replace(selection, from_day=first, to_day=last)
