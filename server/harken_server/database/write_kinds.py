"""Kinds of writes that are stored in groups: the writers know how to group, a kind how to store."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from harken_server.database.statistics import Statistics

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class WriteKind(msgspec.Struct, Generic[Item, Outcome], frozen=True, eq=False):
    """How items of one kind are stored, all that wait at once.

    Both functions give one outcome an item, in the items' order. When a group fails for a reason
    that is not storage's, its items are tried again one by one, so that a bad one fails alone.
    """

    name: str
    on_sqlite: Callable[[sqlite3.Connection, Sequence[Item], Statistics], list[Outcome]]
    """Writes inside the open transaction of the writer, which commits."""
    on_postgres: Callable[[Any, int, Sequence[Item], Statistics], Awaitable[list[Outcome]]]
    """Writes in the transaction that was begun on this connection, and ends it itself; the number
    is the writer's lane."""
