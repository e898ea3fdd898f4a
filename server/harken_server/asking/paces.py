"""The paces of touchpoints that sample adaptively, remembered for some seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from harken_server.asking.rules.adaptive import Pace
from harken_server.asking.store.pace import read_pace
from harken_server.asking.store.settings import Settings
from harken_server.database.database import Database, Transaction

KEPT = timedelta(seconds=20)
"""Counting is not free, and a share that lags behind by so much still meets its target."""
MAX_KEPT = 1_000


class PaceBook:
    """One for each process; every process counts for itself, in the same database."""

    def __init__(self) -> None:
        self._read: dict[tuple[UUID, str], tuple[datetime, Pace]] = {}

    async def look(
        self,
        db: Database | Transaction,
        workspace_id: UUID,
        touchpoint: str,
        settings: Settings,
        now: datetime,
    ) -> Pace | None:
        """The touchpoint's pace, counted within `KEPT`; None when it does not sample adaptively."""
        if settings.at_touchpoint.responses_a_week is None or settings.survey_id is None:
            return None
        key = workspace_id, touchpoint
        kept = self._read.get(key)
        if kept is not None and timedelta(0) <= now - kept[0] < KEPT:
            return kept[1]
        pace = await read_pace(db, workspace_id, touchpoint, settings.survey_id, now)
        if len(self._read) >= MAX_KEPT:
            self._read.clear()
        self._read[key] = now, pace
        return pace
