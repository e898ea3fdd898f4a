"""Calls about saved segments, and about what only a look through responses tells."""

from __future__ import annotations

from isolation import (
    EARLIER,
    LATER,
    NOW,
    OURS,
    SECRET,
    SURVEY,
    Theme,
    build_invitations,
    build_responses,
    build_survey,
    fresh,
    within,
)

from harken_server.database.database import Database
from harken_server.insights.store import scanned
from harken_server.responses.response import CountFilter, Narrowed
from harken_server.segments import store as segments
from harken_server.segments.store import Segment
from harken_server.surveys.conditions import Condition
from harken_server.surveys.published import SurveyTarget
from harken_server.surveys.store import targets

ANYBODY = (Condition(of="version", op="at_least", value=0),)


def segment(**changes: object) -> Segment:
    values: dict[str, object] = {
        "key": "paying", "title": SECRET, "conditions": ANYBODY, "created_at": EARLIER,
        "updated_at": NOW,
    }  # fmt: skip
    return Segment(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def every(db: Database) -> CountFilter:
    return CountFilter(narrowed=Narrowed(ANYBODY, db.dialect))


async def build(db: Database) -> None:
    await build_survey(db)
    await build_invitations(db)
    await build_responses(db)
    goal = SurveyTarget(question="recommend", value=50, direction="at_least")
    await targets.put_targets(db, OURS, SURVEY, (goal,))
    await within(db, lambda tx: segments.put_segment(tx, OURS, segment(), fresh(OURS)))


SEGMENTS = Theme(
    build=build,
    reads={
        "segments.get_segment": lambda db, w: segments.get_segment(db, w, "paying"),
        "segments.list_segments": lambda db, w: segments.list_segments(db, w),
        "surveys.targets.get_targets": lambda db, w: targets.get_targets(db, w, SURVEY),
        "insights.scanned.count_now": lambda db, w: scanned.count_now(
            db, w, SURVEY, every(db), None, per_day=True, per_version=True
        ),
        "insights.scanned.sum_now": lambda db, w: scanned.sum_now(
            db, w, SURVEY, every(db), "recommend"
        ),
        "insights.scanned.last_day_now": lambda db, w: scanned.last_day_now(
            db, w, SURVEY, every(db)
        ),
        "insights.scanned.groups_now": lambda db, w: scanned.groups_now(
            db, w, SURVEY, every(db), questions=["recommend"], by="channel"
        ),
        "insights.scanned.group_days_now": lambda db, w: scanned.group_days_now(
            db, w, SURVEY, every(db), "recommend", by="channel"
        ),
        "insights.scanned.people_by_ratings": lambda db, w: scanned.people_by_ratings(
            db, w, SURVEY, every(db), ["recommend"]
        ),
    },
    changes={
        "surveys.targets.put_targets": lambda db, w: targets.put_targets(db, w, SURVEY, ()),
        "segments.remove_segment": lambda db, w: within(
            db, lambda tx: segments.remove_segment(tx, w, "paying")
        ),
    },
    additions={
        "segments.put_segment": lambda db, w: within(
            db,
            lambda tx: segments.put_segment(tx, w, segment(title="T", updated_at=LATER), fresh(w)),
        ),
    },
    taken={},
)
