"""The current versions of live surveys: in SQL by hand, because survey and version are joined."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.surveys.published import VersionRecord
from harken_server.surveys.store.surveys import VERSIONS

_LIVE = f"""
SELECT {VERSIONS.names("v")} FROM survey s JOIN survey_version v
  ON v.survey_id = s.id AND v.workspace_id = s.workspace_id AND v.number = s.version
WHERE s.status = 'live'
"""  # noqa: S608  # our own columns


async def list_live_versions(db: Database, workspace_id: UUID) -> list[VersionRecord]:
    """Those of a workspace, by the survey's key."""
    rows = await db.fetch(_LIVE + " AND s.workspace_id = $1 ORDER BY s.key", workspace_id)
    return [VERSIONS.read(row) for row in rows]


async def list_live_with_logo(db: Database) -> list[VersionRecord]:
    """Those of all workspaces that have a logo: it is public, and its name is its digest."""
    rows = await db.fetch(_LIVE + ' AND v.definition LIKE \'%"logo":"data:%\'')
    return [VERSIONS.read(row) for row in rows]
