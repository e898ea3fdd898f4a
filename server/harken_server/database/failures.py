"""Turn driver errors into the named failures that callers handle.

A failure of storage itself (full, read-only, broken, unreachable) becomes a StorageError, a broken
constraint a ConstraintError. Everything else is a fault of ours and stays what it is.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import TypeVar

from harken_server.kernel.errors import OverloadedError, StorageError

E = TypeVar("E", bound=BaseException)


class ConstraintError(StorageError):
    """The row breaks a constraint of the schema; nothing of the statement was stored."""

    code = "constraint_broken"


class TransactionEndedError(StorageError):
    """The transaction is over: committed, rolled back, or abandoned after its limit."""

    code = "transaction_ended"


_SQLITE_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_IOERR: "reading or writing it failed",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database",
    sqlite3.SQLITE_BUSY: "another process holds its lock",
    sqlite3.SQLITE_LOCKED: "a table is locked",
    sqlite3.SQLITE_NOMEM: "memory ran out",
    sqlite3.SQLITE_PERM: "access is not permitted",
    sqlite3.SQLITE_PROTOCOL: "its lock cannot be taken",
    sqlite3.SQLITE_INTERRUPT: "a read took too long",
}
_SQLITE_CODES = {
    sqlite3.SQLITE_READONLY: "database_read_only",
    sqlite3.SQLITE_PERM: "database_read_only",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "database_damaged",
}
"""What needs somebody's hands has a code of its own; the rest may pass by itself."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

MIN_FREE_BYTES = 1024 * 1024
"""With less than this on the disk nothing more is promised: one group of submissions fits."""


def is_storage_failure(error: BaseException) -> bool:
    """Whether SQLite itself failed, as opposed to one statement being unacceptable."""
    return isinstance(error, sqlite3.Error) and _primary_code(error) in _SQLITE_REASONS


def from_sqlite(error: BaseException, path: str) -> BaseException:
    """The failure a caller should see for an error raised while using SQLite."""
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintError(str(error))
    if not isinstance(error, sqlite3.Error):
        return error
    primary = _primary_code(error)
    if primary == sqlite3.SQLITE_IOERR and free_bytes(path) == 0:
        primary = sqlite3.SQLITE_FULL  # the shared-memory file could not grow
    if primary not in _SQLITE_REASONS:
        return error
    return StorageError(
        f"The database {path} cannot be used now: {_SQLITE_REASONS[primary]}.",
        code=_SQLITE_CODES.get(primary),
    )


def require_free_space(path: str) -> None:
    """Raise StorageError when the disk of this file is full, or nearly."""
    free = free_bytes(path)
    if free is not None and free < MIN_FREE_BYTES:
        raise StorageError(
            f"The database {path} cannot be used now: the disk is full "
            f"({free // 1024} KiB are left, {MIN_FREE_BYTES // 1024} KiB are needed)."
        )


def free_bytes(path: str) -> int | None:
    """Bytes that may still be written where the file is; None when nobody can say."""
    try:
        found = os.statvfs(Path(path).absolute().parent)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def cannot_lock(path: str, error: OSError) -> StorageError:
    """The failure to make or lock a file beside the database at `path`."""
    reason = error.strerror or str(error)
    code = "storage_unavailable" if error.errno in _FULL else "data_dir_unusable"
    return StorageError(f"The database {path} cannot be opened: {reason}.", code=code)


def overloaded(limit: int) -> OverloadedError:
    """The refusal of a job when `limit` jobs are waiting."""
    return OverloadedError(f"More than {limit} writes are waiting; try again.")


def of_its_own(error: E, cause: BaseException | None = None) -> E:
    """An exception for one caller alone, so that tracebacks do not pile up on one.

    `cause` is what led to it, where that is not known yet.
    """
    if not isinstance(error, (StorageError, OverloadedError)):
        return error
    own = type(error)(error.message, code=error.code)
    own.__cause__ = cause or error.__cause__
    return own


def closed() -> StorageError:
    """The refusal of a job after the database was closed."""
    return StorageError("The database is closed.", code="storage_closed")


def _primary_code(error: sqlite3.Error) -> int:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else code & 0xFF
