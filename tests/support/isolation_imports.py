"""Calls about files that people bring."""

from __future__ import annotations

from uuid import UUID

from isolation import LATER, NOW, OURS, SECRET, Theme, fresh

from harken_server.database.database import Database
from harken_server.importers import store
from harken_server.importers.store import Import

IMPORT = UUID(int=0xA71)


def brought(import_id: UUID, name: str = SECRET) -> Import:
    return Import(
        id=import_id, kind="review", name=name, choices="{}", state="loaded", size=9,
        bytes_done=0, rows_done=0, stored=0, refused=0, problem="", created_at=NOW,
        finished_at=None,
    )  # fmt: skip


async def build(db: Database) -> None:
    await store.add_import(db, OURS, brought(IMPORT))


IMPORTS = Theme(
    build=build,
    reads={
        "importers.find_import": lambda db, w: store.find_import(db, w, IMPORT),
        "importers.list_imports": lambda db, w: store.list_imports(db, w, limit=9),
        "importers.imports_with_files": lambda db, w: store.imports_with_files(
            db, w, made_before=LATER
        ),
    },
    changes={
        "importers.change_import": lambda db, w: store.change_import(
            db, w, IMPORT, {"state": "removed"}, "loaded"
        ),
    },
    additions={
        "importers.add_import": lambda db, w: store.add_import(db, w, brought(fresh(w), "theirs")),
    },
    taken={
        "importers.add_import: under an id that is taken": lambda db, w: store.add_import(
            db, w, brought(IMPORT, "theirs")
        ),
    },
)
