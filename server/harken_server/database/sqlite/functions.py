"""Functions that our statements call and this SQLite does not have."""

from __future__ import annotations

import sqlite3

import msgspec

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, int]).decode


def add_functions(connection: sqlite3.Connection) -> None:
    """Make them known to a connection."""
    # Newer versions of SQLite have it; ids inside of JSON are written in hex digits.
    connection.create_function("unhex", 1, bytes.fromhex, deterministic=True)
    connection.create_function("add_numbers", 2, add_numbers, deterministic=True)


def add_numbers(some: str, more: str) -> str:
    """Two JSON objects of whole numbers added up by name; what comes to nothing is left out.

    >>> add_numbers('{"a":1,"b":2}', '{"b":-2,"c":3}')
    '{"a":1,"c":3}'
    """
    sums = _decode(some)
    for name, number in _decode(more).items():
        if total := sums.get(name, 0) + number:
            sums[name] = total
        else:
            sums.pop(name, None)
    return _encode(sums).decode()
