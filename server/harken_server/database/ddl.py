"""The statements that make tables, from the classes that declare them.

A class may say, beside its columns: `unique_together`, `index_on`, `unique_index_on`
(`database.columns`), and `is_key_only` for small rows that are reached by their composite key
only, for which that key is the table on SQLite.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from piccolo.columns import Column
from piccolo.table import Table

_TABLES = "harken_server.tables"
"""Where the tables of all slices are joined: found by its name, because the database knows no
slice."""
_TYPES = {
    "Id": ("BLOB", "uuid"),
    "Bytea": ("BLOB", "bytea"),
    "Time": ("INTEGER", "timestamptz"),
    "Text": ("TEXT", "text"),
    "Json": ("TEXT", "text"),
    "Words": ("TEXT", "text"),
    "Encoded": ("TEXT", "text"),
    "Document": ("TEXT", "jsonb"),
    "Varchar": ("TEXT", "varchar"),
    "Integer": ("INTEGER", "integer"),
    "SmallInt": ("INTEGER", "smallint"),
    "BigInt": ("INTEGER", "bigint"),
    "Boolean": ("INTEGER", "boolean"),
    "DoublePrecision": ("REAL", "double precision"),
}
"""Of each kind of column on SQLite, and on PostgreSQL."""


class View(NamedTuple):
    """A view under one name, as each database says it."""

    name: str
    on_sqlite: str
    on_postgres: str


class Index(NamedTuple):
    """What a table keeps in order, or unique."""

    name: str
    """Empty for a key or constraint, which each database names itself."""
    is_unique: bool
    columns: tuple[str, ...]
    is_partial: bool = False
    """Whether it has a condition."""

    def __str__(self) -> str:
        kind = "UNIQUE " if self.is_unique else ""
        return f"{kind}({', '.join(self.columns)}){' WHERE …' if self.is_partial else ''}"


def all_views() -> tuple[View, ...]:
    """The views of all slices, each after those that it looks into."""
    return importlib.import_module(_TABLES).VIEWS


def all_tables() -> tuple[type[Table], ...]:
    """The tables of all slices."""
    return importlib.import_module(_TABLES).TABLES


def statements_of(tables: Iterable[type[Table]], *, is_sqlite: bool) -> list[str]:
    """Tables first, then their indexes; each statement does nothing where its thing is there."""
    tables = list(tables)
    return [
        *(_create_table(table, is_sqlite=is_sqlite) for table in tables),
        *(statement for table in tables for statement in _indexes(table)),
    ]


def statements_of_views(views: Iterable[View], *, is_sqlite: bool) -> list[str]:
    """Each view, made anew where it is there."""
    return [
        f"CREATE VIEW IF NOT EXISTS {view.name} AS {view.on_sqlite}"
        if is_sqlite
        else f"CREATE OR REPLACE VIEW {view.name} AS {view.on_postgres}"
        for view in views
    ]


def _create_table(table: type[Table], *, is_sqlite: bool) -> str:
    columns: Sequence[Column] = meta(table).columns
    parts = [(_on_sqlite if is_sqlite else _on_postgres)(column) for column in columns]
    key = [meta(column).name for column in columns if meta(column).primary_key]
    parts.append(f"PRIMARY KEY ({', '.join(key)})")
    parts += [f"UNIQUE ({', '.join(names)})" for names in _said(table, "unique_together")]
    name = meta(table).tablename
    statement = f'CREATE TABLE IF NOT EXISTS "{name}" ({", ".join(parts)})'
    if not is_sqlite:
        return statement
    return statement + (" STRICT, WITHOUT ROWID" if _said(table, "is_key_only") else " STRICT")


def _on_sqlite(column: Column) -> str:
    name = meta(column).name
    length = getattr(column, "length", None)
    check = f' CHECK (length("{name}") <= {length})' if length else ""
    kind = type_of(column, is_sqlite=True)
    if meta(column).primary_key and kind == "INTEGER":
        return f'"{name}" INTEGER NOT NULL'
    return f'"{name}" {kind} {_constraints(column)}{check}'


def _on_postgres(column: Column) -> str:
    kind = type_of(column, is_sqlite=False)
    length = getattr(column, "length", None)
    if length:
        kind = f"{kind}({length})"
    # Text sorts by its bytes, as on SQLite.
    collation = ' COLLATE "C"' if kind.startswith(("varchar", "text")) else ""
    return f'"{meta(column).name}" {kind}{collation} {_constraints(column)}'


def _constraints(column: Column) -> str:
    null = "NULL" if meta(column).null else "NOT NULL"
    return f"{null} UNIQUE" if meta(column).unique else null


def _indexes(table: type[Table]) -> list[str]:
    name = meta(table).tablename
    return [
        f"CREATE {kind}INDEX IF NOT EXISTS {index} ON {name} {what}"
        for kind, said in (("", "index_on"), ("UNIQUE ", "unique_index_on"))
        for index, what in dict(_said(table, said)).items()
    ]


def type_of(column: Column, *, is_sqlite: bool) -> str:
    """A column's type on one of the two databases, without a length."""
    return _TYPES[type(column).__name__][0 if is_sqlite else 1]


def indexes_of(table: type[Table]) -> list[Index]:
    """The primary key, what is unique, and the indexes beside."""
    columns: Sequence[Column] = meta(table).columns
    key = tuple(meta(column).name for column in columns if meta(column).primary_key)
    unique = [(meta(column).name,) for column in columns if meta(column).unique]
    return [
        *(Index("", True, names) for names in (key, *unique, *_said(table, "unique_together"))),
        *(_named(name, what) for name, what in dict(_said(table, "index_on")).items()),
        *(_named(name, what, True) for name, what in dict(_said(table, "unique_index_on")).items()),
    ]


def _named(name: str, what: str, is_unique: bool = False) -> Index:
    columns, _, condition = what.partition(")")
    return Index(name, is_unique, tuple(columns.strip("(").split(", ")), bool(condition))


def meta(thing: Any) -> Any:
    """What Piccolo knows of a table or column, for which it has no public name."""
    return thing._meta  # noqa: SLF001


def _said(table: type[Table], name: str) -> Any:
    return getattr(table, name, ())
