"""Turn driver errors into the named failures that callers handle.

A failure of storage itself (full, read-only, broken, unreachable) becomes a StorageError, a broken
constraint a ConstraintError. Everything else is a fault of ours and stays what it is.
"""

from __future__ import annotations

import sqlite3

from harken_server.core.errors import OverloadedError, StorageError


class ConstraintError(StorageError):
    """The row breaks a constraint of the schema; nothing of the statement was stored."""

    code = "constraint_broken"


class TransactionEndedError(StorageError):
    """The transaction is over: committed, rolled back, or abandoned after its limit."""

    code = "transaction_ended"


_SQLITE_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_IOERR: "of an input/output error",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database",
    sqlite3.SQLITE_BUSY: "another process holds its lock",
    sqlite3.SQLITE_LOCKED: "a table is locked",
    sqlite3.SQLITE_NOMEM: "memory ran out",
    sqlite3.SQLITE_PERM: "access is not permitted",
    sqlite3.SQLITE_PROTOCOL: "its lock cannot be taken",
}


def is_storage_failure(error: BaseException) -> bool:
    """Whether SQLite itself failed, as opposed to one statement being unacceptable."""
    return isinstance(error, sqlite3.Error) and _primary_code(error) in _SQLITE_REASONS


def from_sqlite(error: BaseException, path: str) -> BaseException:
    """The failure a caller should see for an error raised while using SQLite."""
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintError(str(error))
    if isinstance(error, sqlite3.Error) and (reason := _SQLITE_REASONS.get(_primary_code(error))):
        return StorageError(f"The database {path} cannot be used now: {reason}.")
    return error


def overloaded(limit: int) -> OverloadedError:
    """The refusal of a job when `limit` jobs are waiting."""
    return OverloadedError(f"More than {limit} writes are waiting; try again.")


def closed() -> StorageError:
    """The refusal of a job after the database was closed."""
    return StorageError("The database is closed.", code="storage_closed")


def _primary_code(error: sqlite3.Error) -> int:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else code & 0xFF
