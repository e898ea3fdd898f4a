"""Put a backup into an empty database: all of it, checked, or none that a server starts on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from harken_server.database.migrate import known_migrations
from harken_server.database.opening import no_server
from harken_server.database.settings import DatabaseSettings
from harken_server.kernel.clock import system_clock
from harken_server.kernel.settings import Settings
from harken_server.upkeep.archive import BackupError, Manifest
from harken_server.upkeep.backup import check_backup
from harken_server.upkeep.copying import archive_source, copy_all
from harken_server.upkeep.doctor import Findings, examine
from harken_server.upkeep.secret_key import whether_it_fits
from harken_server.upkeep.store.portable import all_forms
from harken_server.upkeep.told import told

BEYOND_CURSORS = 2**30
"""So far the feed leaps: more changes than any lane saw between the backup and the loss, so that a
cursor given in between does not hide what comes next. A lane has room for a thousand such leaps."""


async def restore(settings: Settings, path: Path) -> tuple[list[str], Findings]:
    """Fill the database that is set; what to tell the user, and what the doctor found in it.

    Raises StorageError (`database_not_empty`, `database_in_use`, …) or BackupError.
    """
    url = settings.of(DatabaseSettings).database_url
    manifest = check_backup(path)
    _check_schema_of(path, manifest)
    identity = hashlib.sha256(msgspec.json.encode(manifest)).hexdigest()[:16]
    source = archive_source(path, f"restore_{identity}", manifest.tables)
    also = told("restore", system_clock, made_at=manifest.made_at)
    async with no_server(url):
        await copy_all(source, url, "Restoring", also, leap=BEYOND_CURSORS)
    said = [
        f"{manifest.rows:,} rows of {len(manifest.tables)} tables are restored from {path}.",
        f"Read again, they are those of {manifest.made_at}.",
        whether_it_fits(settings, manifest.secret_keys),
    ]
    return said, await examine(url)


def _check_schema_of(path: Path, manifest: Manifest) -> None:
    """Rows fit this version's tables and no others."""
    here = {form.table: list(form.columns) for form in all_forms()}
    there = {table.name: table.columns for table in manifest.tables}
    if tuple(manifest.migrations) != known_migrations() or here != there:
        raise BackupError(
            f"{path} was made by version {manifest.harken} with another schema "
            f"({', '.join(manifest.migrations)}): restore it with that version, then upgrade.",
            code="backup_unusable",
        )
