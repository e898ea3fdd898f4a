"""Everyday queries: Piccolo writes the SQL, `Database` runs it, rows become records.

A store names a table and the record that its rows become, once. Whatever it then asks for belongs
to one workspace, because there is no way to ask without saying which:

    DEVICES = Records(DeviceTable, Device)

    await DEVICES.of(workspace_id).first(db, DeviceTable.id == device_id)

What finds its workspace by itself (a secret, a printed code, work of all workspaces) says so:
`DEVICES.anywhere()`. Conditions and orders are Piccolo's. Values go in as records have them: ids,
aware times, booleans, and for a `Json` column whatever msgspec encodes; they come back the same way
on both databases. A value may be reckoned from the one that is there: `T.attempts + 1`.

A field of a record goes with the column of its name, or of `msgspec.field(name=…)`. SQL by hand
takes its columns from `names` and its records from `read`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

import msgspec
from piccolo.columns import Column
from piccolo.columns.combination import CombinableMixin, Combination, Undefined, Where
from piccolo.query.base import Query
from piccolo.querystring import QueryString
from piccolo.table import Table

from harken_server.database.columns import read_of, write_of
from harken_server.database.database import Executor, Transaction
from harken_server.database.ddl import meta, type_of
from harken_server.database.many_rows import Columns, insert_many

R = TypeVar("R")
Condition: TypeAlias = CombinableMixin
_MOST_REMEMBERED = 200
"""Texts of queries a table: more only where lists of many lengths are asked for."""
Values: TypeAlias = Mapping[Any, Any]
"""What to store, by column."""


def is_among(column: Column, values: Sequence[Any]) -> Condition:
    """Whether the column has one of the values; there must be one."""
    return cast("Any", column).is_in(list(values))


class Records(Generic[R]):
    """The rows of a table as records: those of its fields that are columns are read."""

    def __init__(self, table: type[Table], record: type[R]) -> None:
        meta(table).db = _Dialect  # nothing is run by the table itself
        fields = {
            field.encode_name: field.name for field in msgspec.structs.fields(cast("Any", record))
        }
        self.table = table
        self.record = record
        self.columns = [column for column in meta(table).columns if _name(column) in fields]
        self._names = [_name(column) for column in self.columns]
        self._fields = [fields[name] for name in self._names]
        self.selected = QueryString(self.names(f'"{meta(table).tablename}"'))
        self.remembered: dict[Any, str] = {}
        self._reads = [read_of(column) for column in self.columns]
        writes = enumerate(map(write_of, self.columns))
        self._writes = [(place, write) for place, write in writes if write is not None]
        self.typed = _typed(self.columns)

    def of(self, workspace_id: UUID) -> Scope[R]:
        """Those of one workspace."""
        return Scope(self, {cast("Any", self.table).workspace_id: workspace_id})

    def anywhere(self) -> Scope[R]:
        """Those of all workspaces: for what is found by a name that only one of them has."""
        return Scope(self, {})

    def names(self, alias: str) -> str:
        """The columns of a record in SQL by hand, of the table under its name there."""
        return ", ".join(f"{alias}.{name}" for name in self._names)

    def values_of(self, record: R) -> dict[Any, Any]:
        """What to store of a record, by column."""
        return {
            column: getattr(record, field)
            for column, field in zip(self.columns, self._fields, strict=True)
        }

    def rows_of(self, records: Sequence[R], owned: Values) -> list[list[Any]]:
        """What to store of each record, by `columns`; `owned` goes before what a record says."""
        fixed = {self._names.index(_name(column)): value for column, value in owned.items()}
        rows = [[getattr(record, field) for field in self._fields] for record in records]
        for row in rows:
            for place, write in self._writes:
                row[place] = write(row[place])
            for place, value in fixed.items():
                row[place] = value
        return rows

    def read(self, row: Sequence[Any]) -> R:
        """The record of a row of `columns`."""
        values = [read(value) for read, value in zip(self._reads, row, strict=True)]
        named = dict(zip(self._names, values, strict=True))
        return msgspec.convert(named, self.record, str_keys=True)  # JSON has no other keys


class Scope(Generic[R]):
    """The rows that may be asked for: each query has the scope's condition beside its own."""

    def __init__(self, records: Records[R], owned: dict[Column, Any]) -> None:
        self._records = records
        self._table: Any = records.table
        self._owned = owned

    @cached_property
    def _within(self) -> tuple[Condition, ...]:
        owned: dict[Any, Any] = self._owned
        return tuple(column == value for column, value in owned.items())

    async def first(
        self, db: Executor, *where: Condition, order_by: Sequence[Column] = ()
    ) -> R | None:
        """The first one, if any."""
        found = await self.all(db, *where, order_by=order_by, limit=1)
        return found[0] if found else None

    async def all(
        self,
        db: Executor,
        *where: Condition,
        order_by: Sequence[Column] = (),
        is_descending: bool = False,
        limit: int | None = None,
    ) -> list[R]:
        """All of them, or as many as `limit` says, in the order of the columns."""
        where = (*self._within, *where)
        shape = ("all", *map(_name, order_by), is_descending, limit)

        def query() -> Any:
            query = self._table.select(self._records.selected).where(*where)
            if order_by:
                query = query.order_by(*order_by, ascending=not is_descending)
            return query if limit is None else query.limit(limit)

        return [self._records.read(row) for row in await self._run(db, shape, query, where)]

    async def count(self, db: Executor, *where: Condition) -> int:
        """How many there are."""
        where = (*self._within, *where)
        rows = await self._run(db, "count", lambda: self._table.count().where(*where), where)
        return rows[0][0]

    async def add(self, db: Executor, values: Values) -> bool:
        """Store a new one; False, with nothing stored, when something unique is taken."""
        row = self._row(values)

        def query() -> Any:
            new = self._table.insert(self._table(**row)).on_conflict(action="DO NOTHING")
            return new.returning(*self._key())

        return bool(await self._run(db, "add", query, values=row))

    async def add_many(self, tx: Transaction, records: Sequence[R]) -> int:
        """Store new ones, whole: how many, for one that clashes is left out."""
        rows = self._records.rows_of(records, self._owned)
        return await insert_many(tx, meta(self._table).tablename, self._records.typed, rows)

    async def put_many(
        self, tx: Transaction, rows: Sequence[Values], key: Sequence[Column]
    ) -> None:
        """As `put`, several at once, none twice, all with the same columns."""
        if not rows:
            return
        changed = {_name(column) for column in rows[0]} - self._fixed(key)
        clash = f"({', '.join(_name(column) for column in key)}) DO UPDATE SET "
        clash += ", ".join(f"{name} = excluded.{name}" for name in sorted(changed))
        table = meta(self._table).tablename
        same = [f"{table}.{name} = excluded.{name}" for name in map(_name, self._owned)]
        clash += f" WHERE {same[0]}" if same else ""
        stored = [{**_stored(row), **self._owned} for row in rows]
        values = [tuple(row[column] for column in stored[0]) for row in stored]
        await insert_many(tx, table, _typed(stored[0]), values, clash)

    async def put(
        self,
        db: Executor,
        values: Values,
        key: Sequence[Column],
        only_new: Sequence[Column] = (),
    ) -> None:
        """Store a new one, or give the one that has this key all values but key and primary key.

        Columns of `only_new` have their value of a new one only. One that another workspace has
        under the key stays as it is.
        """
        row, fixed = self._row(values), self._fixed((*key, *only_new))
        changed = [column for column in values if _name(column) not in fixed]
        shape = ("put", *map(_name, key), None, *map(_name, changed))

        def query() -> Any:
            new = self._table.insert(self._table(**row))
            within = self._within[0] if self._within else None
            return new.on_conflict(tuple(key), "DO UPDATE", changed, within)

        await self._run(db, shape, query, self._within, row)

    async def change(self, db: Executor, values: Values, *where: Condition) -> list[R]:
        """Give all of them these values; those that were changed, as they are now."""
        where, new = (*self._within, *where), _stored(values)

        def query() -> Any:
            update = self._table.update(new, force=True).where(*where)
            return update.returning(*self._records.columns)

        shape = ("change", *map(_name, new))
        return [self._records.read(row) for row in await self._run(db, shape, query, where, new)]

    async def remove(self, db: Executor, *where: Condition) -> list[R]:
        """Forget them; those that were there."""
        where = (*self._within, *where)

        def query() -> Any:
            delete = self._table.delete(force=True).where(*where)
            return delete.returning(*self._records.columns)

        return [self._records.read(row) for row in await self._run(db, "remove", query, where)]

    async def _run(
        self, db: Executor, shape: Any, query: Callable[[], Query[Any, Any]],
        where: tuple[Condition, ...] = (), values: Mapping[Any, Any] | None = None,
    ) -> list[Any]:  # fmt: skip
        """Run what Piccolo makes of it, or made before where only the values were others."""
        given: list[Any] = list((values or {}).values())
        key = (shape, *[_shape(each, given) for each in where], *map(type, given))
        sql = self._records.remembered.get(key)
        if sql is None:
            sql, params = query().querystrings[0].compile_string(engine_type="postgres")
            # Not where a value is itself SQL, which is no parameter.
            is_plain = len(params) == len(given) and all(map(operator.is_, params, given))
            if is_plain and len(self._records.remembered) < _MOST_REMEMBERED:
                self._records.remembered[key] = sql
            given = params
        run = db.fetch if sql.startswith("SELECT") else db.execute
        return await run(sql, *given)

    def _row(self, values: Values) -> dict[str, Any]:
        """With NULL where nothing is said: Piccolo would make up a value."""
        given = {_name(column): value for column, value in (_stored(values) | self._owned).items()}
        return {_name(column): None for column in meta(self._table).columns} | given

    def _fixed(self, columns: Sequence[Column]) -> set[str]:
        return {_name(column) for column in (*columns, *self._key(), *self._owned)}

    def _key(self) -> list[Column]:
        return [column for column in meta(self._table).columns if meta(column).primary_key]


class _Dialect:
    """What Piccolo asks of an engine to write SQL: the same SQL for both databases.

    It writes `$1` for a value, which `Database` takes on SQLite too.
    """

    engine_type = "postgres"


def _shape(condition: Condition, given: list[Any]) -> Any:
    """A condition without its values, which are given in the order of its SQL."""
    if isinstance(condition, Combination):
        first = _shape(condition.first, given)
        return condition.operator, first, _shape(condition.second, given)
    where = cast("Where", condition)
    values: Any = [where.value] if isinstance(where.values, Undefined) else where.values
    values = [value for value in values if not isinstance(value, Undefined)]
    given += values
    return where.operator, _name(where.column), len(values)


def _stored(values: Values) -> dict[Any, Any]:
    writes = ((column, write_of(column), value) for column, value in values.items())
    return {column: write(value) if write else value for column, write, value in writes}


def _typed(columns: Iterable[Column]) -> Columns:
    return tuple((_name(column), type_of(column, is_sqlite=False)) for column in columns)


def _name(column: Column) -> str:
    return meta(column).name
