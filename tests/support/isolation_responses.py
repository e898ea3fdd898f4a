"""Calls about responses: reading, counting, exporting, judging and erasing them."""

from __future__ import annotations

from uuid import UUID

import msgspec
from given_counts import add_counts
from isolation import (
    APART,
    EARLIER,
    NOW,
    OURS,
    RESPONSE,
    SECRET,
    SURVEY,
    Theme,
    build_invitations,
    build_responses,
    build_survey,
    response,
)

from harken_server.channels.receipts.rules.repeats import DeviceAnswer
from harken_server.channels.receipts.store import flagged_sql, repeats
from harken_server.database.database import Database
from harken_server.exports.store import lines as export_lines
from harken_server.insights.rules.drivers.items import Item
from harken_server.insights.store import (
    comments,
    counts,
    group_times_sql,
    groups_sql,
    latest_sql,
    people_sql,
    rates_sql,
    ratings_sql,
    weeks_sql,
)
from harken_server.insights.store import people_sql as instruments_sql
from harken_server.respondents.store.respondents import Respondent, put_respondent
from harken_server.responses.response import CountFilter
from harken_server.responses.store import (
    changing,
    escalations,
    members,
    recount,
    releasing,
    row,
    seen_sql,
    variety_sql,
)
from harken_server.responses.store import persons_sql as traits
from harken_server.responses.store import read as response_read
from harken_server.responses.store.escalations import EscalationDetail
from harken_server.responses.store.selection import select_responses
from harken_server.responses.store.writing import RESPONSES as STORED
from harken_server.surveys.instruments import Statement
from harken_server.surveys.published import SurveyRecord
from harken_server.workspaces.store.dimensions import declare_dimensions
from harken_server.workspaces.workspace import Dimension

TASK = UUID(int=0xA41)
STORE = Dimension("store", "context", "store")
EVERY = CountFilter()
DAY = NOW.toordinal()
SET_APART = CountFilter(standing="quarantined")


def device_answer(workspace_id: UUID, response_id: UUID = RESPONSE) -> DeviceAnswer:
    return DeviceAnswer(workspace_id, "code:8XK4N2M7Q", "d" * 32, SURVEY, response_id, NOW)


def claimed_by(workspace_id: UUID) -> SurveyRecord:
    """The survey of OURS, as if this workspace had it."""
    return msgspec.structs.replace(response(OURS).survey, workspace_id=workspace_id)


async def build(db: Database) -> None:
    await build_survey(db)
    await build_invitations(db)
    await build_responses(db)
    waiting = response(OURS, id=UUID(int=0xA6), standing="waiting", is_sheltered=True)
    await db.store(STORED, waiting)
    await db.store(STORED, response(OURS, id=UUID(int=0xA7), is_complete=False))
    await changing.add_flags(db, OURS, SURVEY, RESPONSE, ["velocity"])
    await repeats.add_device_answer(db, device_answer(OURS))
    await db.execute(  # a count that is wrong, so that counting anew has something to find
        "UPDATE day_count SET counts = $1 WHERE question = 'recommend'", '{"9":17}'
    )
    detail = EscalationDetail(poor_answers=2, within_days=90, comment=SECRET)
    await escalations.open_escalation(db, OURS, "kim", detail, now=NOW, new_id=TASK)
    await build_dimensions(db)


async def build_dimensions(db: Database) -> None:
    """One to fill, counts of another, and a count that came to nothing."""
    await put_respondent(
        db, OURS, Respondent(respondent="kim", traits={"plan": SECRET}, updated_at=NOW)
    )
    await declare_dimensions(db, OURS, [STORE], task=TASK, now=NOW)
    await db.execute("UPDATE response SET context = $1", f'{{"store":"{SECRET}"}}')
    for dimension, member, counted in (("region", SECRET, {"2": 1}), ("store", "gone", {})):
        await add_counts(db, 1, "recommend", counted, day=1, dimension=dimension, member=member)


async def streamed(db: Database, workspace_id: UUID) -> list[object]:
    selection = select_responses(workspace_id, SURVEY, EVERY)
    chunks = export_lines.stream_responses(db, selection)
    return [response async for chunk in chunks for response in chunk]


async def in_lines(db: Database, workspace_id: UUID) -> list[object]:
    selection = select_responses(workspace_id, SURVEY, EVERY)
    return [row async for rows in export_lines.stream_lines(db, selection) for row in rows]


async def rated(db: Database, workspace_id: UUID) -> list[list[int]]:
    items = [Item("recommend", "recommend", 0, 10)]
    found = await ratings_sql.read_ratings(db, workspace_id, SURVEY, items, EVERY, most=9)
    return [] if found is None else found.tolist()


RESPONSES = Theme(
    build=build,
    reads={
        "responses.row.get_response": lambda db, w: row.get_response(db, w, SURVEY, RESPONSE),
        "responses.read.list_responses": lambda db, w: response_read.list_responses(
            db, w, SURVEY, after={}, limit=10
        ),
        "responses.read.list_responses: of one standing": lambda db, w: (
            response_read.list_responses(db, w, SURVEY, after={}, limit=10, standing="quarantined")
        ),
        "responses.releasing.count_waiting": lambda db, w: releasing.count_waiting(
            db, claimed_by(w)
        ),
        "responses.releasing.list_waiting_groups": lambda db, w: releasing.list_waiting_groups(
            db, claimed_by(w), "touchpoint"
        ),
        "responses.recount.recount": lambda db, w: recount.recount(db, w, SURVEY),
        "insights.counts.read_counts": lambda db, w: counts.read_counts(
            db, w, SURVEY, EVERY, questions=None, per_day=False
        ),
        "insights.counts.read_days": lambda db, w: counts.read_days(
            db, w, SURVEY, EVERY, questions=["recommend"]
        ),
        "insights.counts.read_counts: of another standing": lambda db, w: counts.read_counts(
            db, w, SURVEY, SET_APART, questions=["recommend"], per_day=True
        ),
        "insights.counts.read_counts: of a member": lambda db, w: counts.read_counts(
            db,
            w,
            SURVEY,
            msgspec.structs.replace(EVERY, member=("region", SECRET)),
            questions=None,
            per_day=False,
        ),
        "insights.counts.sum_question": lambda db, w: counts.sum_question(
            db, w, SURVEY, EVERY, question="recommend"
        ),
        "insights.counts.last_day": lambda db, w: counts.last_day(db, w, SURVEY, EVERY),
        "insights.people_sql.count_people": lambda db, w: people_sql.count_people(
            db, w, SURVEY, EVERY
        ),
        "insights.people_sql.has_more": lambda db, w: people_sql.has_more(db, w, SURVEY, most=0),
        "insights.people_sql.count_days": lambda db, w: people_sql.count_days(db, w, SURVEY, EVERY),
        "insights.people_sql.count_proved": lambda db, w: people_sql.count_proved(
            db, w, SURVEY, {"recommend": (0, 10)}, EVERY
        ),
        "insights.groups_sql.read_groups": lambda db, w: groups_sql.read_groups(
            db, w, SURVEY, EVERY, questions=["recommend"], by="channel"
        ),
        "insights.groups_sql.read_groups: of a dimension": lambda db, w: groups_sql.read_groups(
            db, w, SURVEY, EVERY, questions=["recommend"], by="region"
        ),
        "insights.group_times_sql.read_group_times": lambda db, w: group_times_sql.read_group_times(
            db, w, SURVEY, EVERY, question="recommend", by="region", per="week"
        ),
        "insights.rates_sql.count_finished": lambda db, w: rates_sql.count_finished(
            db, w, SURVEY, EVERY
        ),
        "insights.rates_sql.read_left": lambda db, w: rates_sql.read_left(
            db, w, SURVEY, EVERY, most=9
        ),
        "insights.people_sql.read_points": lambda db, w: instruments_sql.read_points(
            db, w, SURVEY, [Statement("recommend", 0)], EVERY
        ),
        "insights.ratings_sql.read_ratings": rated,
        "responses.seen_sql.read_seen": lambda db, w: seen_sql.read_seen(db, w, SURVEY),
        "insights.counts.list_members": lambda db, w: counts.list_members(
            db, w, SURVEY, EVERY, dimension="region", question="recommend"
        ),
        "responses.members.count_responses": lambda db, w: members.count_responses(db, w),
        "responses.persons_sql.read_traits": lambda db, w: traits.read_traits(db, w, ["kim"]),
        "insights.comments.newest_comments": lambda db, w: comments.newest_comments(
            db, w, SURVEY, ["why"], rated="recommend", selection=EVERY, before=None, limit=5
        ),
        "insights.counts.read_filter_values": lambda db, w: counts.read_filter_values(
            db, w, SURVEY
        ),
        "responses.variety_sql.read_touchpoints": lambda db, w: variety_sql.read_touchpoints(
            db, w, SURVEY
        ),
        "responses.variety_sql.read_members": lambda db, w: variety_sql.read_members(
            db, w, SURVEY, "store"
        ),
        "insights.counts.has_sample_responses": lambda db, w: counts.has_sample_responses(
            db, w, SURVEY
        ),
        "responses.escalations.count_open": escalations.count_open,
        "insights.counts.shows_samples": lambda db, w: counts.shows_samples(db, w),
        "insights.weeks_sql.read_weeks": lambda db, w: weeks_sql.read_weeks(
            db, w, {1: "recommend"}, last_day=DAY, days=90
        ),
        "insights.weeks_sql.read_places": lambda db, w: weeks_sql.read_places(
            db, w, {1: "recommend"}, last_day=DAY, days=90
        ),
        "insights.latest_sql.latest_comments": lambda db, w: latest_sql.latest_comments(
            db, w, [latest_sql.Wanted(1, ("why",), "recommend")], limit=5
        ),
        "responses.read.count_apart": lambda db, w: response_read.count_apart(db, w, SURVEY, EVERY),
        "responses.selection.select_responses": streamed,
        "exports.lines.stream_responses": streamed,
        "exports.lines.stream_lines": in_lines,
        "receipts.repeats.list_device_answers": lambda db, w: repeats.list_device_answers(
            db, device_answer(w), ("d" * 32, "e" * 32), EARLIER, EARLIER
        ),
        "receipts.flagged_sql.list_flagged": lambda db, w: flagged_sql.list_flagged(
            db, w, flags=["velocity"], after={}, limit=10
        ),
        "receipts.flagged_sql.list_flagged: with any flag": lambda db, w: flagged_sql.list_flagged(
            db, w, flags=[], after={}, limit=10
        ),
    },
    changes={
        "responses.changing.erase_response": lambda db, w: changing.erase_response(
            db, w, SURVEY, RESPONSE
        ),
        "responses.changing.reopen_response": lambda db, w: changing.reopen_response(
            db, w, SURVEY, RESPONSE
        ),
        "responses.changing.set_standing": lambda db, w: changing.set_standing(
            db, w, SURVEY, RESPONSE, "excluded"
        ),
        "responses.changing.add_flags": lambda db, w: changing.add_flags(
            db, w, SURVEY, RESPONSE, ["same_device"]
        ),
        "responses.changing.quarantine_response": lambda db, w: changing.quarantine_response(
            db, w, SURVEY, RESPONSE, ["too_quick"]
        ),
        "responses.releasing.release_blocks": lambda db, w: releasing.release_blocks(
            db, claimed_by(w), 1, by="store", now=NOW, is_due=True
        ),
        "responses.members.fill_next": lambda db, w: members.fill_next(db, w, SURVEY, TASK),
        "responses.members.remove_empty": lambda db, w: members.remove_empty(
            db, w, SURVEY, ["store"]
        ),
        "receipts.repeats.add_device_answer": lambda db, w: repeats.add_device_answer(
            db, device_answer(w, APART)
        ),
    },
    additions={},
    taken={},
)
