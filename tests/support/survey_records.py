"""Surveys that tests store responses to, without a definition that anybody reads."""

from __future__ import annotations

from uuid import UUID, uuid4

from harken_server.database.database import Database
from harken_server.kernel.clock import system_clock
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import publish_version


async def add_survey(
    db: Database, workspace_id: UUID, survey_id: UUID | None = None, key: str | None = None
) -> SurveyRecord:
    """A new live survey of the workspace, under a name that nobody else has."""
    id_ = survey_id or uuid4()
    record, _ = await publish_version(
        db, workspace_id, key=key or f"s{id_.hex}", definition=b"{}", digest="d" * 64,
        change="first", expected=0, now=system_clock(), survey_id=id_, version_id=uuid4(),
        status="live",
    )  # fmt: skip
    return record
