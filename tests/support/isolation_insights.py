"""Calls about numbers that go through responses and triggers."""

from __future__ import annotations

from uuid import UUID

from isolation import EARLIER, LATER, SURVEY, Theme
from isolation_asking import build

from harken_server.asking.store import passing_sql
from harken_server.database.database import Database
from harken_server.insights.store import came_sql, scan_sql
from harken_server.insights.store.scan_sql import Scanned
from harken_server.kernel.local.zones import Stretch, to_ms
from harken_server.responses.response import CountFilter

STAGES = {"store.till": 0}
WHENEVER = (Stretch(0, to_ms(LATER), 0),)


def scanned(db: Database, workspace_id: UUID) -> Scanned:
    return Scanned(db, workspace_id, SURVEY, CountFilter(), WHENEVER)


NUMBERS = Theme(
    build=build,
    reads={
        "insights.scan_sql.count_days": lambda db, w: scan_sql.count_days(
            scanned(db, w), ["recommend"]
        ),
        "insights.scan_sql.count_hours": lambda db, w: scan_sql.count_hours(
            scanned(db, w), ["recommend"]
        ),
        "insights.scan_sql.count_groups": lambda db, w: scan_sql.count_groups(
            scanned(db, w), ["recommend"], ["channel", "region"]
        ),
        "insights.scan_sql.count_rated": lambda db, w: scan_sql.count_rated(
            scanned(db, w), ["recommend"], per_day=True, per_version=True
        ),
        "insights.scan_sql.count_people": lambda db, w: scan_sql.count_people(
            scanned(db, w), ["recommend"]
        ),
        "insights.scan_sql.count_responses": lambda db, w: scan_sql.count_responses(
            scanned(db, w), ["channel", "region", scan_sql.CHANCE]
        ),
        "insights.came_sql.count_came": lambda db, w: came_sql.count_came(
            db, w, SURVEY, CountFilter(), {}
        ),
        "insights.came_sql.count_taken_in": lambda db, w: came_sql.count_taken_in(
            db, w, SURVEY, CountFilter()
        ),
        "insights.scan_sql.knows_chances": lambda db, w: scan_sql.knows_chances(db, w, SURVEY),
        "asking.passing_sql.count_passed": lambda db, w: passing_sql.count_passed(
            db, w, STAGES, EARLIER, LATER
        ),
        "asking.passing_sql.count_ways": lambda db, w: passing_sql.count_ways(
            db, w, STAGES, EARLIER, LATER
        ),
    },
    changes={},
    additions={},
    taken={},
)
