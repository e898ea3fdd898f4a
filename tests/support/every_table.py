"""Rows for every table there is, with something of everything that its columns can hold."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.opening import open_database, open_snapshot
from harken_server.tables import TABLES
from harken_server.upkeep.store.contents import read_lines
from harken_server.upkeep.store.portable import all_forms

ROWS = 4
TEXTS = ("", "plain", "Grüße, 日本 🎉 \u202e", 'quoted "so"\n\tand\\so')
DOCUMENTS = (
    "{}",
    '{"r": {"recommend": 9}, "n": {"b": 2.5, "a": 1.0, "tiny": 1e-7}, "h": []}',
    '{"t":{"why":"Grüße \\u0041 \\"so\\""},"c":{"z":"1","a":"2"}}',
    '{"n":{"large":1e300,"sixteen":1e16,"odd":9007199254740993}, "x": [true, null, -0.0]}',
)
START = datetime(2026, 5, 1, 10, 0, 0, 123_000, tzinfo=UTC)


async def fill_every_table(db: Database, seed: int = 7) -> dict[str, int]:
    """Add `ROWS` rows to each table, the feed's own row apart; how many each has now."""
    dice = random.Random(seed)
    await db.execute("DELETE FROM feed")
    for table in TABLES:
        columns = table._meta.columns
        names = ", ".join(f'"{column._meta.name}"' for column in columns)
        marks = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        for number in range(ROWS):
            await db.execute(
                f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES ({marks})',
                *[value_of(column, number, dice) for column in columns],
            )
    return {table._meta.tablename: ROWS for table in TABLES}


async def lines_of(url: str) -> dict[str, list[bytes]]:
    """Every table as lines."""
    async with open_snapshot(url) as seen:
        return {
            form.table: [line async for chunk in read_lines(seen, form) for line in chunk]
            for form in all_forms()
        }


def without_entries(lines: dict[str, list[bytes]], action: str) -> dict[str, list[bytes]]:
    """The same without what each workspace's audit log says of this."""
    told = [line for line in lines["audit_entry"] if f'"{action}"'.encode() in line]
    assert len(told) == len(lines["workspace"])
    return {**lines, "audit_entry": [line for line in lines["audit_entry"] if line not in told]}


async def filled(url: str) -> str:
    """The database there, with rows in every table."""
    db = await open_database(url)
    await fill_every_table(db)
    await db.close()
    return url


def value_of(column: Any, number: int, dice: random.Random) -> Any:
    """Nothing in every second row of a column that may hold nothing."""
    if column._meta.null and number % 2:
        return None
    is_key = column._meta.primary_key or column._meta.unique
    match type(column).__name__:
        case "Id":
            return UUID(int=dice.getrandbits(128))
        case "Bytea":
            return dice.randbytes(number)
        case "Time":
            return START + timedelta(milliseconds=dice.randrange(10**9))
        case "Boolean":
            return bool(number % 2)
        case "Integer":
            return number if is_key else dice.choice((-(2**31), 2**31 - 1, number))
        case "SmallInt":
            return dice.choice((-(2**15), 2**15 - 1, number))
        case "BigInt":
            return number if is_key else dice.choice((2**48 + number, number))
        case "DoublePrecision":
            return dice.choice((0.0, 1.0, 0.1, 1e16, -2.5e-8))
        case "Document":
            return DOCUMENTS[number % len(DOCUMENTS)]
        case _:
            text = f"{dice.getrandbits(20):x}" if is_key else ""
            return _cut(text + TEXTS[number % len(TEXTS)], column)


def _cut(text: str, column: Any) -> str:
    length: int | None = getattr(column, "length", None)
    return text[:length]
