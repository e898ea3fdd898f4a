"""The file of a backup: a ZIP with a manifest and one member of lines a table.

    manifest.json          format, versions, and for each table its columns, rows and digest
    tables/response.jsonl  a row a line (`upkeep.store.portable`)

The digest is the SHA-256 of a member as it is unpacked, newlines included, so that any ZIP tool
can check it. ZIP64, so that there is no limit on size.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import msgspec

from harken_server.kernel.errors import HarkenError
from harken_server.upkeep.store.portable import most_at_once

FORMAT = 1
MANIFEST = "manifest.json"
LINES_AT_ONCE = 2000
_LEVEL = 3
"""Of zlib: a third of the time of its default for a tenth more bytes."""
_BUFFER_BYTES = 1 << 20


class BackupError(HarkenError):
    """A backup cannot be made or used: `backup_exists`, `backup_damaged`, `backup_unusable`."""

    code = "backup_damaged"


class TableManifest(msgspec.Struct, frozen=True):
    """One table of a backup."""

    name: str
    columns: list[str]
    rows: int
    digest: str
    """SHA-256 of its lines, hex."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself."""

    format: int
    harken: str
    """The version that made it."""
    made_at: str
    database: Literal["sqlite", "postgres"]
    migrations: list[str]
    """The schema."""
    secret_keys: list[str]
    """Fingerprints of the secret keys that its links are signed with."""
    tables: list[TableManifest]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)


class Lines:
    """Counts and digests lines on their way."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()

    def add(self, lines: list[bytes]) -> bytes:
        """The lines as they are written."""
        text = b"\n".join([*lines, b""])
        self.rows += len(lines)
        self._hash.update(text)
        return text

    def manifest(self, table: str, columns: tuple[str, ...]) -> TableManifest:
        """What came by, as the manifest has it."""
        return TableManifest(table, list(columns), self.rows, self._hash.hexdigest())


class ArchiveWriter:
    """Writes one table after the other, and the manifest last."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    @contextmanager
    def table(self, name: str) -> Generator[Callable[[bytes], object]]:
        """A function that takes the next lines of a table."""
        with self._file.open(member_of(name), "w", force_zip64=True) as member:
            yield member.write

    def finish(self, manifest: Manifest) -> None:
        """Say what is in it."""
        said = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        self._file.writestr(MANIFEST, said)


@contextmanager
def new_file(path: Path) -> Generator[Path]:
    """Another name to write under, which becomes `path` when the block ended well.

    The file is its owner's alone, and never takes the place of another.
    """
    if path.exists():
        raise BackupError(f"{path} is there already; give another name.", code="backup_exists")
    draft = path.with_name(f"{path.name}.unfinished")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        yield draft
        draft.rename(path)
    except OSError as error:
        raise _unusable(path, "written", error) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def open_archive(path: Path) -> Generator[ArchiveWriter]:
    """Write into this file; on the disk when the block ended."""
    with path.open("wb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as file:
            yield ArchiveWriter(file)
        raw.flush()
        os.fsync(raw.fileno())


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself; BackupError when it is none, or of a later format."""
    with _opened(path) as file:
        try:
            manifest = msgspec.json.decode(file.read(MANIFEST), type=Manifest)
        except (KeyError, msgspec.DecodeError) as error:
            raise BackupError(f"{path} is no backup of Harken, or damaged: {error}.") from error
    if manifest.format != FORMAT:
        raise BackupError(
            f"{path} has format {manifest.format} and this version reads {FORMAT}; use the version "
            f"that made it, {manifest.harken}, or a later one.",
            code="backup_unusable",
        )
    return manifest


def read_table(path: Path, table: TableManifest) -> Iterator[list[bytes]]:
    """The lines of a table; BackupError at the end when they are not those that were written."""
    seen, most = Lines(), most_at_once(table.columns, LINES_AT_ONCE)
    with _opened(path) as file:
        try:
            unpacked: Any = file.open(member_of(table.name))
            with io.BufferedReader(unpacked, _BUFFER_BYTES) as member:
                while lines := [line.rstrip(b"\n") for line in islice(member, most)]:
                    seen.add(lines)
                    yield lines
        except KeyError as error:
            raise BackupError(f"{path} is damaged: it lacks {table.name}.") from error
    if seen.manifest(table.name, tuple(table.columns)) != table:
        raise BackupError(
            f"{path} is damaged: the {seen.rows:,} rows of {table.name} in it are not the "
            f"{table.rows:,} that were written."
        )


def member_of(table: str) -> str:
    """Where a table stands in the file."""
    return f"tables/{table}.jsonl"


_DAMAGED = (
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    struct.error,
    ValueError,  # a place before the file's beginning, a name that is no UTF-8
    RuntimeError,  # a changed bit that says "encrypted", or names a method that there is not
)
"""What the library raises of a file of which any bit may be another."""


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as file:
            yield file
    except _DAMAGED as error:
        raise BackupError(f"{path} is no backup of Harken, or damaged: {error}.") from error
    except OSError as error:
        raise _unusable(path, "read", error) from error


def _unusable(path: Path, done: str, error: OSError) -> BackupError:
    return BackupError(f"{path} cannot be {done}: {error.strerror}.", code="backup_unusable")
