"""Whether a database is built as this version expects, and its file is whole."""

from __future__ import annotations

from harken_server.database.ddl import all_tables, all_views, index_names, meta, type_of
from harken_server.database.snapshots import Snapshot
from harken_server.kernel.errors import StorageError

_COLUMNS = {
    "sqlite": """
SELECT m.name, p.name, p.type, CASE WHEN p."notnull" THEN 'NO' ELSE 'YES' END
FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'""",
    "postgres": """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = current_schema()""",
}
_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('index', 'view')",
    "postgres": """
SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL SELECT viewname FROM pg_views WHERE schemaname = current_schema()""",
}
_SHORT = {"character varying": "varchar", "timestamp with time zone": "timestamptz"}


async def structure_differences(seen: Snapshot) -> list[str]:
    """Tables, columns, indexes and views that are not as declared; what is there besides is not."""
    is_sqlite = seen.dialect == "sqlite"
    found: dict[tuple[str, str], tuple[str, bool]] = {
        (table, column): (str(_SHORT.get(kind, kind)), nullable == "YES")
        for table, column, kind, nullable in await seen.fetch(_COLUMNS[seen.dialect])
    }
    names = {row[0] for row in await seen.fetch(_NAMES[seen.dialect])}
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
        different += [
            f"schema: index {index} of {name} is missing"
            for index in index_names(table)
            if index not in names
        ]
    different += [
        f"schema: view {view.name} is missing" for view in all_views() if view.name not in names
    ]
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
