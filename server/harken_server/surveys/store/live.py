"""Reads of what is live now: whole surveys for the widget, and pictures by their name."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.rows import StoredId
from harken_server.database.values import to_uuid

_Row: TypeAlias = tuple[StoredId, str, int, str]

_SELECT = (
    "SELECT survey.id, survey.key, survey_version.number, survey_version.definition"
    " FROM survey JOIN survey_version ON survey_version.survey_id = survey.id"
    " AND survey_version.workspace_id = survey.workspace_id"
    " AND survey_version.number = survey.version"
    " WHERE survey.status = 'live'"
)


class LiveVersion(msgspec.Struct, frozen=True):
    """The current version of a live survey."""

    survey_id: UUID
    key: str
    number: int
    definition: bytes


async def list_live_versions(db: Database, workspace_id: UUID) -> list[LiveVersion]:
    """The live surveys of a workspace with their current definitions, by key."""
    rows = await db.fetch(
        _SELECT + " AND survey.workspace_id = $1 ORDER BY survey.key", workspace_id
    )
    return [_live(row) for row in rows]


async def list_live_with_logo(db: Database) -> list[LiveVersion]:
    """Live surveys of all workspaces that have a logo: it is public, and its name is its digest."""
    rows = await db.fetch(_SELECT + ' AND survey_version.definition LIKE \'%"logo":"data:%\'')
    return [_live(row) for row in rows]


def _live(row: _Row) -> LiveVersion:
    return LiveVersion(to_uuid(row[0]), row[1], row[2], row[3].encode())
