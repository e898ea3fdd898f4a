"""What the scores of a survey are to reach: kept beside it, whichever version is current."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Executor
from harken_server.database.records import Records
from harken_server.surveys.published import SurveyTarget
from harken_server.surveys.tables import Survey as T


class _Kept(msgspec.Struct, frozen=True):
    id: UUID
    targets: tuple[SurveyTarget, ...] | None


_TARGETS = Records(T, _Kept)


async def get_targets(
    db: Executor, workspace_id: UUID, survey_id: UUID
) -> tuple[SurveyTarget, ...]:
    """All targets, in the order in which they were set."""
    found = await _TARGETS.of(workspace_id).first(db, T.id == survey_id)
    return (found and found.targets) or ()


async def put_targets(
    db: Executor, workspace_id: UUID, survey_id: UUID, targets: tuple[SurveyTarget, ...]
) -> bool:
    """Replace all targets. False when there is no such survey."""
    return bool(await _TARGETS.of(workspace_id).change(db, {T.targets: targets}, T.id == survey_id))
