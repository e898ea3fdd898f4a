"""Whether a database is built as this version expects, and its file is whole."""

from __future__ import annotations

from piccolo.table import Table

from harken_server.database.ddl import Index, all_tables, all_views, indexes_of, meta, type_of
from harken_server.database.opening import Snapshot
from harken_server.kernel.errors import StorageError

_COLUMNS = {
    "sqlite": """
SELECT m.name, p.name, p.type, CASE WHEN p."notnull" THEN 'NO' ELSE 'YES' END
FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'""",
    "postgres": """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = current_schema()""",
}
_INDEXES = {
    "sqlite": """
SELECT m.name, '', 1, 0, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
WHERE m.type = 'table' AND p.pk > 0
UNION ALL
SELECT m.name, l.name, l."unique", l.partial, i.name FROM sqlite_master m
JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i WHERE m.type = 'table'""",
    "postgres": """
SELECT t.relname, x.relname, i.indisunique, i.indpred IS NOT NULL, a.attname
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) ON true
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
WHERE t.relnamespace = current_schema()::regnamespace AND i.indisvalid
ORDER BY 1, 2, k.place""",
}
"""A row a column, in the order of the key; what stopped being valid does not count."""
_VIEWS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'view'",
    "postgres": "SELECT viewname FROM pg_views WHERE schemaname = current_schema()",
}
_SHORT = {"character varying": "varchar", "timestamp with time zone": "timestamptz"}


async def structure_differences(seen: Snapshot) -> list[str]:
    """Tables, columns, indexes and views that are not as declared; what is there besides is not."""
    is_sqlite = seen.dialect == "sqlite"
    found: dict[tuple[str, str], tuple[str, bool]] = {
        (table, column): (str(_SHORT.get(kind, kind)), nullable == "YES")
        for table, column, kind, nullable in await seen.fetch(_COLUMNS[seen.dialect])
    }
    indexes = await _indexes(seen)
    different: list[str] = []
    for table in all_tables():
        name = meta(table).tablename
        for column in meta(table).columns:
            wanted = type_of(column, is_sqlite=is_sqlite), bool(meta(column).null)
            there = found.get((name, meta(column).name))
            if there != wanted:
                different.append(
                    f"schema: column {name}.{meta(column).name} should be {_shown(wanted)} "
                    f"and is {_shown(there)}"
                )
        different += _missing_indexes(table, indexes.get(name, {}))
    views = {row[0] for row in await seen.fetch(_VIEWS[seen.dialect])}
    different += [
        f"schema: view {view.name} is missing" for view in all_views() if view.name not in views
    ]
    return different


async def _indexes(seen: Snapshot) -> dict[str, dict[str, Index]]:
    """Of each table by their names."""
    found: dict[str, dict[str, Index]] = {}
    for table, name, is_unique, is_partial, column in await seen.fetch(_INDEXES[seen.dialect]):
        of_table = found.setdefault(table, {})
        before = of_table[name].columns if name in of_table else ()
        of_table[name] = Index(name, bool(is_unique), (*before, column), bool(is_partial))
    return found


def _missing_indexes(table: type[Table], found: dict[str, Index]) -> list[str]:
    name = meta(table).tablename
    unique = {index.columns for index in found.values() if index.is_unique and not index.is_partial}
    different: list[str] = []
    for index in indexes_of(table):
        there = found.get(index.name)
        if not index.name:
            if index.columns not in unique:
                different.append(f"schema: {index} of {name} is missing")
        elif there is None:
            different.append(f"schema: index {index.name} of {name} is missing")
        elif there != index:
            different.append(
                f"schema: index {index.name} of {name} should be {index} and is {there}"
            )
    return different


async def damage(seen: Snapshot) -> list[str]:
    """What SQLite finds wrong with its file; PostgreSQL has no such question."""
    if seen.dialect != "sqlite":
        return []
    try:
        rows = await seen.fetch("PRAGMA integrity_check(1000)")
    except StorageError as error:
        if error.code != "database_damaged":
            raise
        return [f"file: {error.message}"]
    return [f"file: {row[0]}" for row in rows if row[0] != "ok"]


def _shown(column: tuple[str, bool] | None) -> str:
    if column is None:
        return "missing"
    kind, is_nullable = column
    return f"{kind} {'NULL' if is_nullable else 'NOT NULL'}"
