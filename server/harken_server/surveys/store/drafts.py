"""Drafts of surveys: one a survey, and none is saved over what somebody else saved meanwhile."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database, Executor
from harken_server.database.records import Records
from harken_server.surveys.published import SurveyDraft
from harken_server.surveys.tables import SurveyDraft as T

_DRAFTS = Records(T, SurveyDraft)


async def get_draft(db: Executor, workspace_id: UUID, key: str) -> SurveyDraft | None:
    """The draft of a survey."""
    return await _DRAFTS.of(workspace_id).first(db, T.key == key)


async def list_drafts(db: Database, workspace_id: UUID) -> list[SurveyDraft]:
    """All drafts, by key."""
    return await _DRAFTS.of(workspace_id).all(db, order_by=(T.key,))


async def save_draft(db: Executor, workspace_id: UUID, draft: SurveyDraft) -> bool:
    """Store a draft's next revision; False, with nothing stored, when it is not the next."""
    values = _DRAFTS.values_of(draft)
    if draft.revision == 1:
        return await _DRAFTS.of(workspace_id).add(db, values)
    del values[T.id]
    is_it = (T.key == draft.key, T.revision == draft.revision - 1)
    return bool(await _DRAFTS.of(workspace_id).change(db, values, *is_it))


async def remove_draft(db: Executor, workspace_id: UUID, key: str, revision: int) -> bool:
    """Forget a draft unless it was saved again meanwhile; whether it was there."""
    is_it = (T.key == key, T.revision == revision)
    return bool(await _DRAFTS.of(workspace_id).remove(db, *is_it))
