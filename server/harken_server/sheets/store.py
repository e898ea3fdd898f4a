"""Sheet tokens, as they are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.records import Records
from harken_server.sheets.tables import SheetToken as T


class SheetToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was handed out."""

    id: UUID
    survey_id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    """When it was last used, to the minute."""
    revoked_at: datetime | None = None


_TOKENS = Records(T, SheetToken)


async def add_token(db: Executor, workspace_id: UUID, token: SheetToken) -> bool:
    """Keep a new one; False when its id is taken."""
    return await _TOKENS.of(workspace_id).add(db, _TOKENS.values_of(token))


async def find_token(db: Database, workspace_id: UUID, token_id: UUID) -> SheetToken | None:
    """The token with this id, a revoked one too."""
    return await _TOKENS.of(workspace_id).first(db, T.id == token_id)


async def list_tokens(
    db: Database, workspace_id: UUID, survey_id: UUID, *, limit: int
) -> list[SheetToken]:
    """Those of a survey, newest first, revoked ones too."""
    tokens = _TOKENS.of(workspace_id)
    of_survey = T.survey_id == survey_id
    return await tokens.all(db, of_survey, order_by=(T.id,), is_descending=True, limit=limit)


async def count_working(db: Database, workspace_id: UUID, survey_id: UUID) -> int:
    """How many tokens of a survey are not revoked."""
    return await _TOKENS.of(workspace_id).count(
        db, T.survey_id == survey_id, T.revoked_at.is_null()
    )


async def mark_used(db: Database, workspace_id: UUID, token_id: UUID, now: datetime) -> None:
    """Keep that it was used now."""
    await _TOKENS.of(workspace_id).change(db, {T.used_at: now}, T.id == token_id)


async def revoke_token(
    tx: Transaction, workspace_id: UUID, survey_id: UUID, token_id: UUID, now: datetime
) -> bool:
    """End one for good. False when the survey has none that works with this id."""
    works = T.revoked_at.is_null()
    return bool(
        await _TOKENS.of(workspace_id).change(
            tx, {T.revoked_at: now}, T.id == token_id, T.survey_id == survey_id, works
        )
    )
