"""At most one serving process a SQLite file: its caches and its group commit assume so.

A lock on a file beside the database, held while serving and given back by the system whatever
ends the process. Short commands such as `keys create` do not take it: SQLite's own locks order
their few writes.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from harken_server.database.failures import cannot_lock
from harken_server.kernel.errors import StorageError


@contextmanager
def only_server(path: str) -> Generator[None]:
    """Be the one server of this file, or raise StorageError (`database_in_use`)."""
    resolved = Path(path).resolve()  # a link to the file leads to the same lock
    descriptor = open_lock_file(str(resolved), "serving")
    try:
        _take(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def open_lock_file(path: str, purpose: str) -> int:
    """A descriptor to lock, of a file beside the database; StorageError when it cannot be had."""
    try:
        return os.open(f"{path}.{purpose}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_lock(path, error) from error


def _take(descriptor: int, path: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EWOULDBLOCK, errno.EAGAIN}:
            raise cannot_lock(path, error) from error
        raise StorageError(
            f"Another Harken server is using {path}. One at a time may: stop the other one, or "
            "keep the data in PostgreSQL.",
            code="database_in_use",
        ) from error
