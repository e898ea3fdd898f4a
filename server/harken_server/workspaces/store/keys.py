"""API keys: only the SHA-256 of a secret is stored, so a stolen database opens nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.records import Records
from harken_server.http.operations import Scope
from harken_server.kernel.errors import ConflictError
from harken_server.workspaces.rules.identity import PREFIX_LENGTH
from harken_server.workspaces.tables import ApiKey as T
from harken_server.workspaces.workspace import ApiKey

SIGNING_SCOPES = frozenset({"write", "manage"})
"""Keys that never leave a site's servers, so that their signature says who somebody is."""


class _Signing(msgspec.Struct, frozen=True):
    digest: str
    scopes: tuple[Scope, ...]


_KEYS = Records(T, ApiKey)
_SIGNING = Records(T, _Signing)
_IN_USE = T.revoked_at.is_null()


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
    values = {**_KEYS.values_of(key), T.digest: _digest(secret)}
    if not await _KEYS.of(workspace_id).add(db, values):
        raise ConflictError("this API key exists already", code="key_exists")
    return key


async def find_key(db: Database, secret: str) -> ApiKey | None:
    """The key with this secret, in whichever workspace; a revoked one too, so look at it."""
    return await _KEYS.anywhere().first(db, T.digest == _digest(secret))


async def signing_digests(db: Database, workspace_id: UUID, prefix: str) -> tuple[bytes, ...]:
    """The SHA-256 of each living key that may write and begins so: those that sign identities."""
    found = await _SIGNING.of(workspace_id).all(db, T.prefix == prefix, _IN_USE)
    return tuple(
        bytes.fromhex(key.digest) for key in found if not SIGNING_SCOPES.isdisjoint(key.scopes)
    )


async def list_keys(db: Database, workspace_id: UUID) -> list[ApiKey]:
    """All keys, revoked ones included, oldest first."""
    return await _KEYS.of(workspace_id).all(db, order_by=(T.created_at, T.id))


async def revoke_key(
    db: Database,
    workspace_id: UUID,
    id: UUID,  # noqa: A002  # The record's own word.
    now: datetime,
) -> bool:
    """End a key for good. False when there is none, or it was revoked before."""
    revoked = await _KEYS.of(workspace_id).change(db, {T.revoked_at: now}, T.id == id, _IN_USE)
    return bool(revoked)


async def count_keys(db: Database, workspace_id: UUID) -> int:
    """How many keys of the workspace still open it."""
    return await _KEYS.of(workspace_id).count(db, _IN_USE)


def _digest(secret: str) -> str:
    """SHA-256 is enough: a secret is long and random, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()
