"""Open connections to the SQLite file with the settings that durability rests on, and check them.

WAL with synchronous FULL: a commit is on the disk when it returns. NORMAL may lose the last
commits on power loss, never on a crash of the process. With secure_delete what is deleted is
overwritten with zeros, so that nothing of it is left in the file.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

import msgspec

from harken_server.database.failures import from_sqlite
from harken_server.database.values import sqlite_value
from harken_server.kernel.errors import StorageError

Synchronous = Literal["full", "normal"]
BUSY_TIMEOUT_MS = 5000
_SYNCHRONOUS_LEVELS = {"normal": 1, "full": 2}
_PARAMETER = re.compile(r"'(?:[^']|'')*'|\$(\d+)")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, int]).decode


class SqliteFile(NamedTuple):
    """The file and how to open it."""

    path: str
    synchronous: Synchronous = "full"


def open_writer(file: SqliteFile) -> sqlite3.Connection:
    """The one connection that writes."""
    _make_private(file.path)
    connection = _connect(file, "rwc")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {file.synchronous}")
        connection.execute("PRAGMA secure_delete = 1")
        _check(connection, "journal_mode", "wal", file)
        _check(connection, "synchronous", _SYNCHRONOUS_LEVELS[file.synchronous], file)
        _check(connection, "secure_delete", 1, file)
        _check(connection, "foreign_keys", 1, file)
        _check(connection, "busy_timeout", BUSY_TIMEOUT_MS, file)
        _check_writable(connection)
    except (sqlite3.Error, StorageError) as error:
        connection.close()
        raise from_sqlite(error, file.path) from error
    return connection


def open_reader(file: SqliteFile) -> sqlite3.Connection:
    """A connection that refuses to write."""
    connection = _connect(file, "rw")
    try:
        connection.execute("PRAGMA query_only = 1")
        _check(connection, "query_only", 1, file)
    except (sqlite3.Error, StorageError) as error:
        connection.close()
        raise from_sqlite(error, file.path) from error
    return connection


def checkpoint(connection: sqlite3.Connection) -> None:
    """Move the whole write-ahead log into the file and empty it."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def empty_log(connection: sqlite3.Connection) -> bool:
    """The same without waiting for anybody; False while a reader needs what stands there."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (is_busy, *_), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return not is_busy


def identity(path: str) -> tuple[int, int] | None:
    """Device and inode of the file; None when there is no file."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """SQL with PostgreSQL's `$1` written as SQLite's `?1`; quoted text stays as it is.

    >>> numbered("SELECT '$1', $1, $12")
    "SELECT '$1', ?1, ?12"
    """
    return _PARAMETER.sub(lambda m: f"?{m.group(1)}" if m.group(1) else m.group(0), sql)


def run(connection: sqlite3.Connection, sql: str, params: Sequence[Any]) -> list[Any]:
    """Run one statement to its end and return all rows."""
    cursor = connection.execute(sql, [sqlite_value(value) for value in params])
    try:
        return cursor.fetchall()
    finally:
        cursor.close()


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


def _make_private(path: str) -> None:
    """A new file is its owner's alone; SQLite gives its companions the same rights."""
    with contextlib.suppress(OSError):  # SQLite names what is wrong better
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _connect(file: SqliteFile, mode: Literal["rw", "rwc"]) -> sqlite3.Connection:
    """Readers come with `rw`: a file that was removed is missed, not made anew and empty."""
    try:
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(Path(file.path).absolute()))}?mode={mode}",
            uri=True,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,  # after a fork or at a stop another thread may close it
            cached_statements=256,
        )
    except sqlite3.Error as error:
        raise _cannot_open(file.path, error) from error
    connection.execute("PRAGMA foreign_keys = 1")
    add_functions(connection)
    return connection


def _check(connection: sqlite3.Connection, name: str, expected: object, file: SqliteFile) -> None:
    (found,) = connection.execute(f"PRAGMA {name}").fetchone()
    if found != expected:
        raise StorageError(
            f"The database {file.path} runs with {name} = {found}; {expected} is needed."
        )


def _check_writable(connection: sqlite3.Connection) -> None:
    """Take the write lock and give it back; also reads the schema, so damage shows at once."""
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _cannot_open(path: str, error: sqlite3.Error) -> StorageError:
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        return StorageError(f"The database {path} cannot be opened: no folder {folder}.")
    return StorageError(f"The database {path} cannot be opened: {error}.")
