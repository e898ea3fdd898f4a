"""Make a backup while the server runs, and read it again before it gets its name."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from pathlib import Path

import harken_server
from harken_server.database.migrate import applied_migrations, check_schema
from harken_server.database.opening import Snapshot, open_snapshot
from harken_server.database.settings import DatabaseSettings
from harken_server.kernel.settings import Settings
from harken_server.upkeep import archive
from harken_server.upkeep.progress import Progress
from harken_server.upkeep.secret_key import fingerprints, where_it_is
from harken_server.upkeep.store.contents import count_all, read_lines
from harken_server.upkeep.store.portable import all_forms


async def back_up(settings: Settings, path: Path, now: datetime) -> list[str]:
    """Write all tables, as they are at one moment, to a new file; what to tell the user."""
    with archive.new_file(path) as draft:
        async with open_snapshot(settings.of(DatabaseSettings).database_url) as seen:
            await check_schema(seen)
            with archive.open_archive(draft) as file:
                manifest = archive.Manifest(
                    format=archive.FORMAT,
                    harken=harken_server.__version__,
                    made_at=now.isoformat(timespec="seconds"),
                    database=seen.dialect,
                    migrations=await applied_migrations(seen),
                    secret_keys=fingerprints(settings),
                    tables=await _write_tables(seen, file),
                )
                file.finish(manifest)
        check_backup(draft)
    return [
        f"{path} holds {manifest.rows:,} rows of {len(manifest.tables)} tables.",
        "Read again, they are what was written.",
        where_it_is(settings),
    ]


def check_backup(path: Path) -> archive.Manifest:
    """Read a whole backup; BackupError when a row of it is not what was written."""
    manifest = archive.read_manifest(path)
    with Progress("Reading the backup", manifest.rows) as progress:
        for table in manifest.tables:
            for lines in archive.read_table(path, table):
                progress.add(len(lines), table.name)
    return manifest


async def _write_tables(seen: Snapshot, file: archive.ArchiveWriter) -> list[archive.TableManifest]:
    written: list[archive.TableManifest] = []
    forms = all_forms()
    total = sum((await count_all(seen, forms)).values())
    with Progress("Backing up", total) as progress:
        for form in forms:
            counted = archive.Lines()
            with file.table(form.table) as write:
                async with aclosing(read_lines(seen, form)) as chunks:
                    async for chunk in chunks:
                        write(counted.add(chunk))
                        progress.add(len(chunk), form.table)
            written.append(counted.manifest(form.table, form.columns))
    return written
