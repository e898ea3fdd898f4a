"""A programme with members, and its clock."""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from trigger_steps import HOME

from harken_server.database.database import Database
from harken_server.database.values import to_time
from harken_server.programmes.lists import (
    MemberBody,
    MembersReply,
    ProgrammeBody,
    change_members,
    put_programme,
)
from harken_server.programmes.run import run_programmes
from harken_server.programmes.store import StoredProgramme
from harken_server.routes import CHANNELS

START = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = START - timedelta(days=3)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def make_programme(
    db: Database, key: str = "nps_list", *, at: datetime = BEFORE, **fields: Any
) -> StoredProgramme:
    values: dict[str, Any] = {
        "survey": "nps",
        "touchpoint": "relationship.asked",
        "every": "quarter",
        "channel": "widget",
        "starts_on": date(2026, 1, 1),
    }
    body = ProgrammeBody(**{**values, **fields})
    numbers = itertools.count()  # a member's slot is by the programme's id, which is no chance here

    def new_id() -> UUID:
        return uuid5(HOME, f"{key} {at} {next(numbers)}")

    return await put_programme(db, HOME, key, body, now=at, new_id=new_id, channels=CHANNELS)


async def fill(
    db: Database, stored: StoredProgramme, count: int, *, at: datetime = BEFORE
) -> MembersReply:
    members = [MemberBody(respondent=f"customer-{number}") for number in range(count)]
    return await change_members(db, stored, members, (), now=at)


async def tick(db: Database, at: datetime, limit: int = 10_000) -> int:
    return await run_programmes(db, CHANNELS, now=at, random=secrets.token_bytes, limit=limit)


async def invited(db: Database) -> list[tuple[str, str, datetime]]:
    """Respondent, wave and time of every invitation."""
    rows = await db.fetch("SELECT respondent, wave, created_at FROM invitation")
    return [(respondent, wave, to_time(at)) for respondent, wave, at in rows]
