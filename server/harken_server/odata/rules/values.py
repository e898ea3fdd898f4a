"""Literals and cells: texts that become values of a column's type."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from harken_server.odata.rules.model import Edm
from harken_server.odata.rules.refusals import QueryError

Value: TypeAlias = str | int | float | bool | datetime | date | UUID | None
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?")
_SHOWN = 40


def value_of_cell(cell: str, edm: Edm) -> Value:
    """What an export's cell says, as a value of its column; None for an empty one."""
    if not cell:
        return None
    match edm:
        case "Edm.Int32":
            return int(cell)
        case "Edm.Double":
            return float(cell)
        case "Edm.Boolean":
            return cell == "1"
        case "Edm.Date":
            return date.fromisoformat(cell)
        case _:
            return cell


def read_literal(text: str, edm: Edm, name: str) -> Value:
    """The literal as a value of the column `name`. Raises QueryError where it is none."""
    if text == "null":
        return None
    try:
        value = _read(text, edm)
    except ValueError:
        value = None
    if value is None:
        raise QueryError(f"{text[:_SHOWN]} is no {edm}, which {name} is.")
    return value


def _read(text: str, edm: Edm) -> Value:
    is_quoted = text.startswith("'")
    plain = text[1:-1].replace("''", "'") if is_quoted else text
    match edm:
        case "Edm.String":
            return plain if is_quoted else None
        case "Edm.Int32" | "Edm.Double":
            return float(text) if _NUMBER.fullmatch(text) else None
        case "Edm.Boolean":
            return {"true": True, "false": False}.get(text)
        case "Edm.DateTimeOffset":
            return _time(text)
        case "Edm.Date":
            return date.fromisoformat(text)
        case "Edm.Guid":
            return UUID(plain)
        case _:
            assert_never(edm)


def _time(text: str) -> datetime:
    """In UTC; a day alone is its beginning."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
