"""Everyday queries: Piccolo writes the SQL, `Database` runs it, rows become records.

A store names a table and the record that its rows become, once. Whatever it then asks for belongs
to one workspace, because there is no way to ask without saying which:

    DEVICES = Records(DeviceTable, Device)

    await DEVICES.of(workspace_id).first(db, DeviceTable.id == device_id)

What finds its workspace by itself (a secret, a printed code, work of all workspaces) says so:
`DEVICES.anywhere()`. Conditions and orders are Piccolo's. Values go in as records have them: ids,
aware times, booleans, and for a `Json` column whatever msgspec encodes; they come back the same way
on both databases.
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

from harken_server.database.columns import Id, Json, Time
from harken_server.database.database import Database, Transaction
from harken_server.database.schema import meta
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
}


def is_among(column: Column, values: Sequence[Any]) -> Condition:
    """Whether the column has one of the values; there must be one."""
    return cast("Any", column).is_in(list(values))


class Records(Generic[R]):
    """The rows of a table as records: those of its fields that are columns are read."""

    def __init__(self, table: type[Table], record: type[R]) -> None:
        meta(table).db = _Dialect  # nothing is run by the table itself
        fields = {field.name for field in msgspec.structs.fields(cast("Any", record))}
        self.table = table
        self.record = record
        self.columns = [column for column in meta(table).columns if meta(column).name in fields]
        self._names = [meta(column).name for column in self.columns]
        self._reads = [_READ.get(cast("Any", type(column)), _unchanged) for column in self.columns]

    def of(self, workspace_id: UUID) -> Scope[R]:
        """Those of one workspace."""
        column: Any = cast("Any", self.table).workspace_id
        return Scope(self, (column == workspace_id,), {column: workspace_id})

    def anywhere(self) -> Scope[R]:
        """Those of all workspaces: for what is found by a name that only one of them has."""
        return Scope(self, (), {})

    def read(self, row: Sequence[Any]) -> R:
        """The record of a row of `columns`."""
        values = [read(value) for read, value in zip(self._reads, row, strict=True)]
        named = dict(zip(self._names, values, strict=True))
        return msgspec.convert(named, self.record, str_keys=True)  # JSON has no other keys

    def values_of(self, record: R) -> dict[Any, Any]:
        """What to store of a record, by column."""
        return {column: getattr(record, meta(column).name) for column in self.columns}


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

    async def put(self, db: Database | Transaction, values: Values, key: Sequence[Column]) -> None:
        """Store a new one, or give the one that has this key all values but key and primary key.

        One that another workspace has under the key stays as it is.
        """
        fixed = {meta(column).name for column in (*key, *self._key(), *self._owned)}
        query = self._inserted(values).on_conflict(
            tuple(key),
            action="DO UPDATE",
            values=[column for column in values if meta(column).name not in fixed],
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
        given = {meta(column).name: value for column, value in _stored(values).items()}
        given |= {meta(column).name: value for column, value in self._owned.items()}
        row = {meta(column).name: None for column in meta(self._table).columns} | given
        return self._table.insert(self._table(**row))

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


def _stored(values: Values) -> dict[Column, Any]:
    return {
        column: msgspec.json.encode(value).decode()
        if isinstance(column, Json) and value is not None
        else value
        for column, value in values.items()
    }


def _unchanged(value: Any) -> Any:
    return value
