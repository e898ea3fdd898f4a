"""Files that are taken in: kept, found, and told how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.database.records import Records, is_among
from harken_server.importers.rules.fields import FileKind
from harken_server.importers.tables import ImportJob as T

ImportState: TypeAlias = Literal["loaded", "waiting", "running", "done", "failed", "removed"]
OPEN: tuple[ImportState, ...] = ("waiting", "running")
WITH_FILES: tuple[ImportState, ...] = ("loaded", *OPEN, "done", "failed")
"""Of which something may lie in the data directory: the file itself, or what was refused of it."""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is taken in, or was."""

    id: UUID
    kind: FileKind
    name: str
    choices: str
    state: ImportState
    size: int
    bytes_done: int
    rows_done: int
    stored: int
    refused: int
    problem: str
    created_at: datetime
    finished_at: datetime | None


_IMPORTS = Records(T, Import)


async def add_import(db: Executor, workspace_id: UUID, job: Import) -> None:
    """Keep a new one."""
    await _IMPORTS.of(workspace_id).add(db, _IMPORTS.values_of(job))


async def find_import(db: Database, workspace_id: UUID, import_id: UUID) -> Import | None:
    """One by its id."""
    return await _IMPORTS.of(workspace_id).first(db, T.id == import_id)


async def list_imports(db: Database, workspace_id: UUID, *, limit: int) -> list[Import]:
    """The newest that were not taken away, newest first."""
    return await _IMPORTS.of(workspace_id).all(
        db, is_among(T.state, WITH_FILES), order_by=(T.id,), is_descending=True, limit=limit
    )


async def imports_with_files(
    db: Database, workspace_id: UUID, *, made_before: datetime
) -> list[Import]:
    """Those that may have files, of what was there before."""
    is_meant = (is_among(T.state, WITH_FILES), T.created_at <= made_before)
    return await _IMPORTS.of(workspace_id).all(db, *is_meant)


async def change_import(
    db: Executor,
    workspace_id: UUID,
    import_id: UUID,
    values: Mapping[str, Any],
    *while_in: ImportState,
) -> bool:
    """Give it these values, by name, while it is in one of the states; False when it is not."""
    columns: dict[Any, Any] = {getattr(T, name): value for name, value in values.items()}
    changed = await _IMPORTS.of(workspace_id).change(
        db, columns, T.id == import_id, is_among(T.state, while_in)
    )
    return bool(changed)
