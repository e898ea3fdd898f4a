"""Calls about exports: which rows are read, and the jobs that make files."""

from __future__ import annotations

from uuid import UUID

from isolation import LATER, NOW, OURS, RESPONSE, SECRET, SURVEY, Theme, fresh, within
from isolation_asking import decision
from isolation_responses import EVERY, RESPONSES

from harken_server.asking.store import listing_sql as listing
from harken_server.asking.store.decisions_sql import record_decisions
from harken_server.asking.store.listing_sql import Wanted
from harken_server.database.database import Database
from harken_server.exports.store import jobs, newest
from harken_server.exports.store.jobs import Job
from harken_server.exports.store.lines import stream_lines_with_positions
from harken_server.responses.store import positions_sql
from harken_server.responses.store.erased import promise_erased
from harken_server.responses.store.selection import Selection, chosen_by

JOB = UUID(int=0xA61)


def job(job_id: UUID, survey: str = SECRET) -> Job:
    return Job(
        id=job_id, survey=survey, format="csv", options="{}", state="waiting", rows_done=0,
        rows_total=None, size=None, name=survey, problem="", created_at=NOW, finished_at=None,
        expires_at=None,
    )  # fmt: skip


async def build(db: Database) -> None:
    await RESPONSES.build(db)
    await jobs.add_job(db, OURS, job(JOB))
    await within(db, lambda tx: record_decisions(tx, [decision(OURS)]))


async def rows_of(db: Database, selection: Selection) -> list[object]:
    lines = stream_lines_with_positions(db, selection)
    return [row async for rows in lines for row in rows]


async def decided(db: Database, workspace_id: UUID) -> list[object]:
    told = listing.stream_decisions(db, workspace_id, Wanted(), [])
    return [each async for some in told for each in some]


async def decided_by_day(db: Database, workspace_id: UUID) -> list[object]:
    told = listing.stream_unnamed(db, workspace_id, Wanted(), [SURVEY])
    return [each async for some in told for each in some]


EXPORTS = Theme(
    build=build,
    reads={
        "exports.jobs.find_job": lambda db, w: jobs.find_job(db, w, JOB),
        "exports.jobs.list_jobs": lambda db, w: jobs.list_jobs(db, w, limit=9),
        "exports.jobs.jobs_with_files": lambda db, w: jobs.jobs_with_files(
            db, w, made_before=LATER
        ),
        "exports.lines.stream_lines_with_positions": lambda db, w: rows_of(
            db, chosen_by(w, SURVEY, EVERY)
        ),
        "responses.selection.chosen_by": lambda db, w: rows_of(db, chosen_by(w, SURVEY, EVERY)),
        "asking.listing_sql.stream_decisions": decided,
        "asking.listing_sql.stream_unnamed": decided_by_day,
        "exports.newest.latest": lambda db, w: rows_of(
            db, newest.latest(db, chosen_by(w, SURVEY, EVERY), 5)
        ),
        "responses.positions_sql.last_positions": lambda db, w: positions_sql.last_positions(
            db, w, SURVEY
        ),
        "exports.newest.count_selected": lambda db, w: newest.count_selected(
            db, chosen_by(w, SURVEY, EVERY)
        ),
    },
    changes={
        "exports.jobs.change_job": lambda db, w: jobs.change_job(
            db, w, JOB, {"state": "removed"}, *jobs.OPEN
        ),
    },
    additions={
        "exports.jobs.add_job": lambda db, w: jobs.add_job(db, w, job(fresh(w), "theirs")),
        "responses.erased.promise_erased": lambda db, w: within(
            db, lambda tx: promise_erased(tx, w, RESPONSE, NOW)
        ),
    },
    taken={
        "exports.jobs.add_job: under an id that is taken": lambda db, w: jobs.add_job(
            db, w, job(JOB, "theirs")
        ),
    },
)
