"""Move everything to another database, such as from SQLite to PostgreSQL."""

from __future__ import annotations

import hashlib

from harken_server.database.migrate import check_schema
from harken_server.database.opening import no_server, open_snapshot
from harken_server.database.settings import DatabaseSettings
from harken_server.kernel.clock import system_clock
from harken_server.kernel.errors import StorageError
from harken_server.kernel.settings import Settings
from harken_server.upkeep.copying import copy_all, database_source
from harken_server.upkeep.doctor import Findings, examine
from harken_server.upkeep.store.contents import Place
from harken_server.upkeep.told import told


async def move(settings: Settings, url: str) -> tuple[list[str], Findings]:
    """Copy the database that is set to the empty one at `url`; the first stays as it is.

    Interrupted and started again it goes on. What to tell the user, and what the doctor found.
    Raises StorageError, `database_in_use` when a server runs on either.
    """
    from_url = settings.of(DatabaseSettings).database_url
    source, target = Place.of(from_url), Place.of(url)
    if source.identity == target.identity:
        raise StorageError(
            f"--to names the database that the data is in, {source.shown}.",
            code="bad_database_url",
        )
    async with no_server(from_url), no_server(url), open_snapshot(from_url) as seen:
        await check_schema(seen)
        identity = hashlib.sha256(source.identity.encode()).hexdigest()[:16]
        rows_here = await database_source(seen, f"move_{identity}")
        copied = await copy_all(rows_here, url, "Moving", told("move", system_clock))
    rows = sum(table.rows for table in copied)
    said = [
        f"{rows:,} rows of {len(copied)} tables are copied from {source.shown} to {target.shown}.",
        "Read again, they are the same. The old database is as it was.",
        "Set HARKEN_DATABASE_URL to the new address; the secret key stays the same.",
    ]
    return said, await examine(url)
