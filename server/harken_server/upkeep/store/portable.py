"""Rows of any table in one form for both databases: a line of JSON, an array in the columns' order.

An id is its usual text, bytes are hexadecimal, a time whole milliseconds since 1970, a boolean
`true` or `false`, and a document stands as itself, its keys sorted and its numbers written in one
way. So the same row is the same line on both databases, and lines in the order of the key have one
digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, cast
from uuid import UUID

import msgspec
from piccolo.columns import Column
from piccolo.table import Table

from harken_server.database.database import Row
from harken_server.database.ddl import all_tables, meta, type_of
from harken_server.database.many_rows import Columns
from harken_server.database.values import from_time, to_time

Dialect: TypeAlias = Literal["sqlite", "postgres"]
FILE = "bytes"
"""The column of a table that keeps files."""
ROWS_AT_ONCE, FILES_AT_ONCE = 10_000, 8
"""Rows in a transaction, a second of work or less; and where each row may be a file, in memory."""
LARGEST_EXACT = 2**53
"""Whole numbers up to this one are the same as integer and as 64-bit float (IEEE 754)."""


class Form(NamedTuple):
    """A table as lines."""

    table: str
    columns: tuple[str, ...]
    select: str
    """All rows in the order of the key, which is the same on both databases."""
    insert: Columns
    kinds: tuple[str, ...]
    """What each column holds: its type on PostgreSQL."""
    nullable: tuple[bool, ...]

    def encoder(self, dialect: Dialect) -> Callable[[Row], bytes]:
        """From a row of `select` to its line, without a newline."""
        changes = _changes(self.kinds, _TO_LINE[dialect])
        encode = msgspec.json.Encoder().encode

        def line(row: Row) -> bytes:
            values = list(row)
            for place, change in changes:
                if values[place] is not None:
                    values[place] = change(values[place])
            return encode(values)

        return line

    def decoder(self, dialect: Dialect) -> Callable[[bytes], Sequence[Any]]:
        """From a line to parameters of `insert`; msgspec.DecodeError when it fits no row."""
        changes = _changes(self.kinds, _FROM_LINE[dialect])
        types = [
            _LINE_TYPES[kind] | None if is_nullable else _LINE_TYPES[kind]
            for kind, is_nullable in zip(self.kinds, self.nullable, strict=True)
        ]
        decode: Any = msgspec.json.Decoder(tuple[tuple(types)]).decode

        def row(line: bytes) -> list[Any]:
            values: list[Any] = list(decode(line))
            for place, change in changes:
                if values[place] is not None:
                    values[place] = change(values[place])
            return values

        return row


def all_forms() -> tuple[Form, ...]:
    """Every table of every slice, in the order in which they are declared."""
    return tuple(form_of(table) for table in all_tables())


def most_at_once(columns: Sequence[str], rows: int) -> int:
    """`rows`, or few where each may be a file."""
    return FILES_AT_ONCE if FILE in columns else rows


def form_of(table: type[Table]) -> Form:
    """How a table is written as lines."""
    columns: Sequence[Column] = meta(table).columns
    names = tuple(meta(column).name for column in columns)
    key = [f'"{meta(column).name}"' for column in columns if meta(column).primary_key]
    listed = ", ".join(f'"{name}"' for name in names)
    name = meta(table).tablename
    return Form(
        name,
        names,
        f'SELECT {listed} FROM "{name}" ORDER BY {", ".join(key)}',  # noqa: S608  # our own names
        tuple((f'"{meta(column).name}"', type_of(column, is_sqlite=False)) for column in columns),
        tuple(type_of(column, is_sqlite=False) for column in columns),
        tuple(meta(column).null for column in columns),
    )


def one_spelling(document: str | bytes) -> msgspec.Raw:
    """JSON with sorted keys and one way to write a number, whichever database it comes from.

    >>> bytes(one_spelling('{"n": {"b": 1.0, "a": 2.50}, "c": {}}'))
    b'{"c":{},"n":{"a":2.5,"b":1}}'
    """
    said = _alike(msgspec.json.decode(document))
    return msgspec.Raw(msgspec.json.encode(said, order="sorted"))


def _alike(value: Any) -> Any:
    """PostgreSQL's `jsonb` has no floats: what was 1e300 comes back with all its digits."""
    if isinstance(value, dict):
        return {name: _alike(part) for name, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_alike(item) for item in cast("list[Any]", value)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) <= LARGEST_EXACT else number
    return value


_Hex: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{2})*\Z")]


def _changes(
    kinds: Sequence[str], changes: dict[str, Callable[[Any], Any]]
) -> list[tuple[int, Callable[[Any], Any]]]:
    return [(place, changes[kind]) for place, kind in enumerate(kinds) if kind in changes]


def _id_text(value: bytes) -> str:
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _text(value: msgspec.Raw) -> str:
    return bytes(value).decode()


_TO_LINE: dict[Dialect, dict[str, Callable[[Any], Any]]] = {
    "sqlite": {"uuid": _id_text, "bytea": bytes.hex, "boolean": bool, "jsonb": one_spelling},
    "postgres": {"uuid": str, "bytea": bytes.hex, "timestamptz": from_time, "jsonb": one_spelling},
}
_FROM_LINE: dict[Dialect, dict[str, Callable[[Any], Any]]] = {
    "sqlite": {"bytea": bytes.fromhex, "jsonb": _text},
    "postgres": {"bytea": bytes.fromhex, "timestamptz": to_time, "jsonb": _text},
}
_LINE_TYPES: dict[str, Any] = {
    "uuid": UUID,
    "bytea": _Hex,
    "timestamptz": int,
    "text": str,
    "varchar": str,
    "jsonb": msgspec.Raw,
    "integer": int,
    "smallint": int,
    "bigint": int,
    "boolean": bool,
    "double precision": float,
}
