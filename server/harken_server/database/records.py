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

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

import msgspec
from piccolo.columns import Boolean, Column
from piccolo.columns.combination import CombinableMixin
from piccolo.query.base import Query
from piccolo.table import Table

from harken_server.database.columns import Encoded, Id, Json, Time, Words
from harken_server.database.database import Database, Transaction
from harken_server.database.ddl import meta, type_of
from harken_server.database.many_rows import insert_many
from harken_server.database.values import to_bool, to_time, to_uuid

R = TypeVar("R")
Condition: TypeAlias = CombinableMixin
Values: TypeAlias = Mapping[Any, Any]
"""What to store, by column."""

_READ: dict[type[Column], Callable[[Any], Any]] = {
    Id: to_uuid,
    Time: to_time,
    Json: lambda text: None if text is None else msgspec.json.decode(text),
    Boolean: lambda value: None if value is None else to_bool(value),
    Words: str.split,
    Encoded: str.encode,
}
_WRITE: dict[type[Column], Callable[[Any], Any]] = {
    Json: lambda value: None if value is None else msgspec.json.encode(value).decode(),
    Words: " ".join,
    Encoded: bytes.decode,
}


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
        self._reads = [_READ.get(cast("Any", type(column)), _unchanged) for column in self.columns]

    def of(self, workspace_id: UUID) -> Scope[R]:
        """Those of one workspace."""
        column: Any = cast("Any", self.table).workspace_id
        return Scope(self, (column == workspace_id,), {column: workspace_id})

    def anywhere(self) -> Scope[R]:
        """Those of all workspaces: for what is found by a name that only one of them has."""
        return Scope(self, (), {})

    def names(self, alias: str) -> str:
        """The columns of a record in SQL by hand, of the table under its name there."""
        return ", ".join(f"{alias}.{name}" for name in self._names)

    def values_of(self, record: R) -> dict[Any, Any]:
        """What to store of a record, by column."""
        return {
            column: getattr(record, field)
            for column, field in zip(self.columns, self._fields, strict=True)
        }

    def read(self, row: Sequence[Any]) -> R:
        """The record of a row of `columns`."""
        values = [read(value) for read, value in zip(self._reads, row, strict=True)]
        named = dict(zip(self._names, values, strict=True))
        return msgspec.convert(named, self.record, str_keys=True)  # JSON has no other keys


class Scope(Generic[R]):
    """The rows that may be asked for: each query has the scope's condition beside its own."""

    def __init__(
        self, records: Records[R], within: tuple[Condition, ...], owned: dict[Column, Any]
    ) -> None:
        self._records = records
        self._table: Any = records.table
        self._within = within
        self._owned = owned

    async def first(
        self, db: Database | Transaction, *where: Condition, order_by: Sequence[Column] = ()
    ) -> R | None:
        """The first one, if any."""
        found = await self.all(db, *where, order_by=order_by, limit=1)
        return found[0] if found else None

    async def all(
        self,
        db: Database | Transaction,
        *where: Condition,
        order_by: Sequence[Column] = (),
        is_descending: bool = False,
        limit: int | None = None,
    ) -> list[R]:
        """All of them, or as many as `limit` says, in the order of the columns."""
        query = self._table.select(*self._records.columns).where(*self._within, *where)
        if order_by:
            query = query.order_by(*order_by, ascending=not is_descending)
        if limit is not None:
            query = query.limit(limit)
        return [self._records.read(row) for row in await _run(db, query)]

    async def count(self, db: Database | Transaction, *where: Condition) -> int:
        """How many there are."""
        query = self._table.count().where(*self._within, *where)
        return (await _run(db, query))[0][0]

    async def add(self, db: Database | Transaction, values: Values) -> bool:
        """Store a new one; False, with nothing stored, when something unique is taken."""
        query = self._inserted(values).on_conflict(action="DO NOTHING")
        return bool(await _run(db, query.returning(*self._key())))

    async def add_many(self, tx: Transaction, rows: Sequence[Values]) -> int:
        """Store new ones, all with the same columns: how many, for one that clashes is left out."""
        return await self._insert_many(tx, rows, "DO NOTHING")

    async def put_many(
        self, tx: Transaction, rows: Sequence[Values], key: Sequence[Column]
    ) -> None:
        """As `put`, several at once, none twice, all with the same columns."""
        changed = {_name(column) for column in rows[0]} - self._fixed(key) if rows else ()
        clash = f"({', '.join(_name(column) for column in key)}) DO UPDATE SET "
        clash += ", ".join(f"{name} = excluded.{name}" for name in sorted(changed))
        table = meta(self._table).tablename
        same = [f"{table}.{name} = excluded.{name}" for name in map(_name, self._owned)]
        clash += f" WHERE {same[0]}" if same else ""
        await self._insert_many(tx, rows, clash)

    async def put(
        self,
        db: Database | Transaction,
        values: Values,
        key: Sequence[Column],
        only_new: Sequence[Column] = (),
    ) -> None:
        """Store a new one, or give the one that has this key all values but key and primary key.

        Columns of `only_new` have their value of a new one only. One that another workspace has
        under the key stays as it is.
        """
        fixed = self._fixed((*key, *only_new))
        query = self._inserted(values).on_conflict(
            tuple(key),
            action="DO UPDATE",
            values=[column for column in values if _name(column) not in fixed],
            where=self._within[0] if self._within else None,
        )
        await _run(db, query)

    async def change(
        self, db: Database | Transaction, values: Values, *where: Condition
    ) -> list[R]:
        """Give all of them these values; those that were changed, as they are now."""
        query = self._table.update(_stored(values), force=True).where(*self._within, *where)
        rows = await _run(db, query.returning(*self._records.columns))
        return [self._records.read(row) for row in rows]

    async def remove(self, db: Database | Transaction, *where: Condition) -> list[R]:
        """Forget them; those that were there."""
        query = self._table.delete(force=True).where(*self._within, *where)
        rows = await _run(db, query.returning(*self._records.columns))
        return [self._records.read(row) for row in rows]

    def _inserted(self, values: Values) -> Any:
        """With NULL where nothing is said: Piccolo would make up a value."""
        given = {_name(column): value for column, value in _stored(values).items()}
        given |= {_name(column): value for column, value in self._owned.items()}
        row = {_name(column): None for column in meta(self._table).columns} | given
        return self._table.insert(self._table(**row))

    async def _insert_many(self, tx: Transaction, rows: Sequence[Values], clash: str) -> int:
        if not rows:
            return 0
        stored = [{**_stored(row), **self._owned} for row in rows]
        columns = tuple((_name(column), type_of(column, is_sqlite=False)) for column in stored[0])
        values = [tuple(row[column] for column in stored[0]) for row in stored]
        return await insert_many(tx, meta(self._table).tablename, columns, values, clash)

    def _fixed(self, columns: Sequence[Column]) -> set[str]:
        return {_name(column) for column in (*columns, *self._key(), *self._owned)}

    def _key(self) -> list[Column]:
        return [column for column in meta(self._table).columns if meta(column).primary_key]


class _Dialect:
    """What Piccolo asks of an engine to write SQL: the same SQL for both databases.

    It writes `$1` for a value, which `Database` takes on SQLite too.
    """

    engine_type = "postgres"


async def _run(db: Database | Transaction, query: Query[Any, Any]) -> list[Any]:
    sql, params = query.querystrings[0].compile_string(engine_type="postgres")
    run = db.fetch if sql.startswith("SELECT") else db.execute
    return await run(sql, *params)


def _stored(values: Values) -> dict[Any, Any]:
    return {
        column: _WRITE.get(cast("Any", type(column)), _unchanged)(value)
        for column, value in values.items()
    }


def _name(column: Column) -> str:
    return meta(column).name


def _unchanged(value: Any) -> Any:
    return value
