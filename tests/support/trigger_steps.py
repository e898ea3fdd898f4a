"""Steps of the trigger tests: publish a survey, fire a trigger, count what is stored."""

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from harken_server.asking.decision import TriggerResult
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.triggers import trigger
from harken_server.database.database import Database
from harken_server.routes import CHANNELS
from harken_server.surveys.published import SurveyStatus, Touchpoint
from harken_server.surveys.store.surveys import publish_version
from harken_server.surveys.store.touchpoints import put_touchpoint

HOME = UUID("019a8f00-0000-7000-8000-000000000001")
ELSEWHERE = UUID("019a8f00-0000-7000-8000-000000000002")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def prepare(
    db: Database,
    *,
    survey: str = "nps",
    workspace_id: UUID = HOME,
    status: SurveyStatus = "live",
    definition: bytes = b"{}",
    touchpoint: str | None = "order.delivered",
    **settings: Any,
) -> None:
    """Publish a survey and let a touchpoint ask it, for None none."""
    await publish_version(
        db,
        workspace_id,
        key=survey,
        definition=definition,
        digest="d" * 64,
        change="first",
        expected=0,
        now=NOW,
        survey_id=uuid4(),
        version_id=uuid4(),
        status=status,
    )
    if touchpoint is not None:
        assigned = Touchpoint(key=touchpoint, survey=survey, **settings)
        await put_touchpoint(db, workspace_id, assigned, NOW, uuid4())


async def fire(
    db: Database,
    respondent: str | None = "customer-1",
    *,
    at: datetime = NOW,
    key: str | None = None,
    workspace_id: UUID = HOME,
    **changes: Any,
) -> TriggerResult:
    values: dict[str, Any] = {"touchpoint": "order.delivered", "respondent": respondent}
    return await trigger(
        db,
        TriggerRequest(**(values | changes)),
        workspace_id=workspace_id,
        now=at,
        random=secrets.token_bytes,
        channels=CHANNELS,
        idempotency_key=key,
    )


async def counted(db: Database, table: str) -> int:
    rows = await db.fetch(f"SELECT count(*) FROM {table}")
    return rows[0][0]
