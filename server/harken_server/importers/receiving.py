"""Take a file as it comes into the data directory, and look at what it is."""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec

from harken_server.database import outbox
from harken_server.importers import store
from harken_server.importers.brought import START_BYTES, path_of, read_start
from harken_server.importers.rules.fields import FileKind
from harken_server.importers.rules.layout import (
    Layout,
    decode_start,
    guess_layout,
    require_table,
    rows_in,
)
from harken_server.importers.rules.understood import MAX_COLUMNS, Choices, guess_choices
from harken_server.importers.store import Import
from harken_server.kernel.errors import InvalidInputError, StorageError
from harken_server.workspaces.access import Acting

MAX_FILE_BYTES = 250_000_000
READ_ON = 4
"""So many times the limit is read and dropped, so that whoever sent too much gets to read why."""
SAMPLE_ROWS = 1_001
"""That of names included."""
KEPT_FOR = timedelta(days=7)
"""So long a file waits to be read, and what was refused of it to be looked at."""
READ, FORGET = "imports.read", "imports.forget"
"""Kinds of outbox items; the payload is the id of the import."""
_read_choices = msgspec.json.Decoder(Choices).decode


async def receive_file(
    acting: Acting, kind: FileKind, name: str, pieces: AsyncIterator[bytes]
) -> Import:
    """Keep a file until it is read. InvalidInputError for what is no CSV, or too large."""
    runtime, now, import_id = acting.runtime, acting.now(), acting.runtime.new_id()
    path = path_of(runtime, import_id)
    try:
        size, is_utf_8 = await _keep(path, pieces)
        choices = understand(path, kind, acting.workspace.timezone, is_utf_8=is_utf_8)
        job = Import(
            id=import_id, kind=kind, name=name[-200:], choices=encode_choices(choices),
            state="loaded", size=size, bytes_done=0, rows_done=0, stored=0, refused=0, problem="",
            created_at=now, finished_at=None,
        )  # fmt: skip
        async with acting.db.transaction() as tx:
            await store.add_import(tx, acting.workspace_id, job)
            await outbox.enqueue(
                tx, acting.workspace_id, id=runtime.new_id(), kind=FORGET,
                payload=f'"{import_id}"', now=now, due_at=now + KEPT_FOR,
            )  # fmt: skip
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return job


def understand(path: Path, kind: FileKind, zone: str, *, is_utf_8: bool) -> Choices:
    """What the file most probably means. InvalidInputError for what is no table of rows."""
    start = read_start(path)
    require_table(start)
    layout = guess_layout(start, is_utf_8=is_utf_8)
    return guess_choices(kind, layout, first_rows(path, layout), zone)


def first_rows(path: Path, layout: Layout) -> list[list[str]]:
    """The first rows, that of names included. InvalidInputError for none, or too many columns."""
    text = decode_start(read_start(path), layout.encoding)
    if layout.skips:
        text = text.partition("\n")[2]
    rows = rows_in(text, layout.separator, most=SAMPLE_ROWS)
    if path.stat().st_size > START_BYTES and 1 < len(rows) < SAMPLE_ROWS:
        rows.pop()  # the beginning ends in the middle of it
    if not rows:
        raise InvalidInputError("No row of this file can be read. Save it as “CSV UTF-8”.")
    if len(rows[0]) > MAX_COLUMNS:
        raise InvalidInputError(
            f"The file has {len(rows[0]):,} columns, and at most {MAX_COLUMNS} are taken."
        )
    return rows


def choices_of(job: Import) -> Choices:
    """How it is read."""
    return _read_choices(job.choices)


def encode_choices(choices: Choices) -> str:
    """The same as it is kept."""
    return msgspec.json.encode(choices).decode()


async def _keep(path: Path, pieces: AsyncIterator[bytes]) -> tuple[int, bool]:
    """How many bytes there are, and whether all of them are UTF-8."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    decoder, is_utf_8, size = codecs.getincrementaldecoder("utf-8")(), True, 0
    try:
        with path.open("xb") as file:
            async for piece in pieces:
                size += len(piece)
                if size > MAX_FILE_BYTES * READ_ON:
                    break
                if size > MAX_FILE_BYTES:
                    continue
                file.write(piece)
                is_utf_8 = is_utf_8 and _goes_on(decoder, piece)
    except OSError as error:
        said = f"The file could not be kept on this server: {error.strerror}."
        raise StorageError(said) from error
    if size > MAX_FILE_BYTES:
        most = MAX_FILE_BYTES // 1_000_000
        raise InvalidInputError(f"The file is larger than the limit of {most} MB: cut it in parts.")
    return size, is_utf_8


def _goes_on(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True
