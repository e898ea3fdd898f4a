"""When something was answered that waited on a device: for a network, or for its turn."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from harken_server.database.database import Database
from harken_server.kernel.errors import GoneError
from harken_server.responses.store.traits import find_erasure
from harken_server.responses.submission import Submission
from harken_server.surveys.published import SurveyRecord

LONGEST_WAIT_MS = 30 * 86_400_000
"""A kiosk keeps answers until it is switched on again."""
SHORTEST_WAIT_MS = 1000
"""Less is the way here."""


def when_answered(submission: Submission, now: datetime, record: SurveyRecord) -> datetime | None:
    """When a submission was answered; None for when it arrived."""
    waited_ms = submission.waited_ms
    if waited_ms is None or waited_ms is msgspec.UNSET:
        return None
    return answered_at(now, waited_ms, record.created_at)


def answered_at(received_at: datetime, waited_ms: float, since: datetime) -> datetime | None:
    """When it was answered, to the millisecond, or None for when it arrived.

    `since` is when the survey was first published: nothing was answered before, nor in the future,
    nor longer ago than anything waits. Where it would be, a clock was changed meanwhile.

    >>> noon = datetime(2026, 3, 1, 12)
    >>> answered_at(noon, 3_600_000.5, datetime(2026, 1, 1)).isoformat()
    '2026-03-01T10:59:59.999000'
    >>> [answered_at(noon, said, datetime(2026, 3, 1)) for said in (999, -60e3, 86_400e3)]
    [None, None, None]
    """
    if not SHORTEST_WAIT_MS <= waited_ms <= LONGEST_WAIT_MS:
        return None
    at = received_at - timedelta(milliseconds=waited_ms)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return at if at >= since else None


async def refuse_erased(
    db: Database, record: SurveyRecord, submission: Submission, now: datetime
) -> None:
    """Raise GoneError (`respondent_erased`) for what an erased person had answered before.

    It waited on a device meanwhile. What they answer later is new, and kept.
    """
    answered = when_answered(submission, now, record)
    if answered is None or submission.respondent is None:
        return
    erased_at = await find_erasure(db, record.workspace_id, submission.respondent)
    if erased_at is not None and answered <= erased_at:
        raise GoneError(
            "The respondent was erased after this was answered; nothing is stored of it.",
            code="respondent_erased",
        )
