"""API keys: only the SHA-256 of a secret is stored, so a stolen database opens nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.rows import StoredId, StoredTime
from harken_server.database.values import to_time, to_uuid
from harken_server.http.operations import Scope
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.rules.identity import PREFIX_LENGTH
from harken_server.workspaces.workspace import ApiKey

SIGNING_SCOPES = frozenset({"write", "manage"})
"""Keys that never leave a site's servers, so that their signature says who somebody is."""

_Row: TypeAlias = tuple[StoredId, StoredId, str, str, str, StoredTime, StoredTime | None, str]

_SELECT = (
    "SELECT id, workspace_id, name, prefix, scopes, created_at, revoked_at, origins FROM api_key"
)


async def create_key(
    db: Database,
    workspace_id: UUID,
    *,
    id: UUID,  # noqa: A002  # The record's own word.
    name: str,
    scopes: Sequence[Scope],
    secret: str,
    now: datetime,
    origins: Sequence[str] = (),
) -> ApiKey:
    """Keep a key that was just made. ConflictError when its secret is known already."""
    key = ApiKey(
        id=id,
        workspace_id=workspace_id,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        scopes=tuple(scopes),
        created_at=now,
        origins=tuple(origins),
    )
    stored = await db.execute(
        "INSERT INTO api_key (id, workspace_id, name, prefix, digest, scopes, created_at,"
        " origins) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
        key.id,
        key.workspace_id,
        key.name,
        key.prefix,
        _digest(secret),
        ",".join(key.scopes),
        key.created_at,
        " ".join(key.origins),
    )
    if not stored:
        raise ConflictError("this API key exists already", code="key_exists")
    return key


async def find_key(db: Database, secret: str) -> ApiKey | None:
    """The key with this secret, in whichever workspace; a revoked one too, so look at it."""
    rows = await db.fetch(_SELECT + " WHERE digest = $1", _digest(secret))
    return _key(rows[0]) if rows else None


async def signing_digests(db: Database, workspace_id: UUID, prefix: str) -> tuple[bytes, ...]:
    """The SHA-256 of each living key that may write and begins so: those that sign identities."""
    rows = await db.fetch(
        "SELECT digest, scopes FROM api_key"
        " WHERE workspace_id = $1 AND prefix = $2 AND revoked_at IS NULL",
        workspace_id,
        prefix,
    )
    return tuple(
        bytes.fromhex(digest)
        for digest, scopes in rows
        if not SIGNING_SCOPES.isdisjoint(scopes.split(","))
    )


async def list_keys(db: Database, workspace_id: UUID) -> list[ApiKey]:
    """All keys, revoked ones included, oldest first."""
    rows = await db.fetch(
        _SELECT + " WHERE workspace_id = $1 ORDER BY created_at, id", workspace_id
    )
    return [_key(row) for row in rows]


async def revoke_key(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    now: datetime,
) -> bool:
    """End a key for good. False when there is none, or it was revoked before."""
    rows = await db.execute(
        "UPDATE api_key SET revoked_at = $3"
        " WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id",
        workspace_id,
        id,
        now,
    )
    return bool(rows)


async def count_keys(db: Database, workspace_id: UUID) -> int:
    """How many keys of the workspace still open it."""
    rows = await db.fetch(
        "SELECT count(*) FROM api_key WHERE workspace_id = $1 AND revoked_at IS NULL",
        workspace_id,
    )
    return rows[0][0]


def _digest(secret: str) -> str:
    """SHA-256 is enough: a secret is long and random, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: _Row) -> ApiKey:
    return ApiKey(
        id=to_uuid(row[0]),
        workspace_id=to_uuid(row[1]),
        name=row[2],
        prefix=row[3],
        scopes=msgspec.convert([s for s in row[4].split(",") if s], tuple[Scope, ...]),
        created_at=to_time(row[5]),
        revoked_at=to_time(row[6]),
        origins=tuple(row[7].split()),
    )
