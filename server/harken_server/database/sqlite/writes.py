"""What the thread that writes to SQLite is given to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple

from harken_server.database.futures import Pending
from harken_server.database.sqlite.transactions import Session
from harken_server.database.write_kinds import WriteKind


class Statement(NamedTuple):
    """Work on the connection, inside of a group's transaction."""

    work: Callable[[sqlite3.Connection], Any]
    reply: Pending


class QueuedItem(NamedTuple):
    """One item to store together with all of its kind that wait."""

    kind: WriteKind[Any, Any]
    item: Any
    reply: Pending


class EmptyLog(NamedTuple):
    """Take out of the write-ahead log what was deleted or changed before."""

    reply: Pending


class Stop(NamedTuple):
    """The last job: everything before it is done, then the log is emptied."""

    reply: Pending


Write = Statement | QueuedItem | Session | EmptyLog | Stop


def by_kind(items: list[QueuedItem]) -> dict[WriteKind[Any, Any], list[QueuedItem]]:
    """Items that are stored together."""
    kinds: dict[WriteKind[Any, Any], list[QueuedItem]] = {}
    for write in items:
        kinds.setdefault(write.kind, []).append(write)
    return kinds


def reply_of(write: Write) -> Pending:
    """Where its outcome is told."""
    return write.begun if isinstance(write, Session) else write.reply
