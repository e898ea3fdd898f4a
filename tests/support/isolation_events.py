"""Calls about events: telling them, and reading them beside answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from isolation import (
    EARLIER,
    NOW,
    OURS,
    SECRET,
    SURVEY,
    Theme,
    build_invitations,
    build_responses,
    build_survey,
    within,
)

from harken_server.database.database import Database
from harken_server.events.store import events, timeline_sql
from harken_server.insights.store import behaviour_sql, reached_sql
from harken_server.respondents.store import respondents
from harken_server.respondents.store.respondents import Respondent
from harken_server.responses.response import CountFilter

ADDRESS = "kim@example.org"
EVENT = UUID(int=0xE1)


def told(workspace_id: UUID, **changes: Any) -> events.StoredEvent:
    """The event EVENT, as if it were of this workspace."""
    ours = events.StoredEvent(
        workspace_id=workspace_id, id=EVENT, respondent="kim", name="order", at=NOW, value=7.0,
        properties={"note": SECRET}, digest=UUID(int=0xE2),
    )  # fmt: skip
    return msgspec.structs.replace(ours, **changes)


async def build(db: Database) -> None:
    await build_survey(db)
    await build_invitations(db)
    await build_responses(db)
    kim = Respondent(respondent="kim", email=ADDRESS, traits={"note": SECRET}, updated_at=NOW)
    await respondents.put_respondent(db, OURS, kim)
    await add(db, OURS)


async def add(db: Database, workspace_id: UUID, **changes: Any) -> Any:
    event = told(workspace_id, **changes)
    return await within(db, lambda tx: events.add_events(tx, workspace_id, [event]))


async def done(db: Database, workspace_id: UUID) -> list[object]:
    chunks = behaviour_sql.stream_done(db, workspace_id, "order", EARLIER)
    return [event async for chunk in chunks for event in chunk]


EVENTS = Theme(
    build=build,
    reads={
        "respondents.respondents.find_by_email": lambda db, w: respondents.find_by_email(
            db, w, ADDRESS
        ),
        "events.events.list_events": lambda db, w: events.list_events(db, w, "kim", limit=9),
        "events.events.list_names": lambda db, w: events.list_names(db, w),
        "events.timeline_sql.read_timeline": lambda db, w: timeline_sql.read_timeline(
            db, w, "kim", limit=9
        ),
        "insights.behaviour_sql.read_answered": lambda db, w: behaviour_sql.read_answered(
            db, w, SURVEY, CountFilter(), question="recommend", most=9
        ),
        "insights.behaviour_sql.stream_done": done,
        "insights.reached_sql.read_reached": lambda db, w: reached_sql.read_reached(
            db, w, SURVEY, CountFilter()
        ),
        "insights.reached_sql.read_invited": lambda db, w: reached_sql.read_invited(
            db, w, SURVEY, CountFilter(), context="store"
        ),
        "insights.reached_sql.read_told": lambda db, w: reached_sql.read_told(
            db, w, SURVEY, CountFilter(), most=9
        ),
    },
    changes={},
    additions={
        "events.events.add_events": lambda db, w: add(db, w, name="referral", properties={}),
    },
    taken={},
)
