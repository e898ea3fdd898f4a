"""Writes a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4


class Writable(Protocol):
    """Anything that takes bytes: an open binary file, a pipe, a buffer."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""
        ...


@contextmanager
def opened_target(target: str | os.PathLike[str] | Writable) -> Generator[Writable, None, None]:
    """Something to write to. A path gets its file only when all has been written.

    Until then the bytes go to a hidden file beside it, which is removed when writing fails. A path
    that is there and is no ordinary file (a pipe, `/dev/stdout`) is written to directly.
    """
    if not isinstance(target, str | os.PathLike):
        yield target
        return
    path = Path(target).resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    with replacing(path) as file:
        yield file


@contextmanager
def replacing(path: Path) -> Generator[BinaryIO, None, None]:
    """A file to write, which takes the place of that path when all has been written."""
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
