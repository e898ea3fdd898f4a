"""Calls about whom to ask: decisions, invitations, respondents, suppressions, escalations."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from isolation import (
    EARLIER,
    LATER,
    NOW,
    OPEN,
    OURS,
    RESPONSE,
    SECRET,
    SURVEY,
    TODAY,
    Theme,
    build_invitations,
    build_responses,
    build_survey,
    fresh,
    invitation,
    within,
)
from piccolo.table import Table

from harken_server.asking.decision import Decision
from harken_server.asking.store import decisions_sql as decisions
from harken_server.asking.store import pace_sql as pace
from harken_server.asking.tables import Decision as Decided
from harken_server.channels.email import store as mail_store
from harken_server.database.database import Database
from harken_server.invitations import store as invitations
from harken_server.invitations.tables import Invitation
from harken_server.respondents.store import erasing, persons_sql, respondents, suppressions
from harken_server.respondents.store import persons_sql as known_sql
from harken_server.respondents.store.persons_sql import Subject
from harken_server.respondents.store.respondents import Respondent
from harken_server.respondents.tables import Respondent as Known
from harken_server.responses.store import escalations
from harken_server.responses.store import persons_sql as erasing_sql
from harken_server.responses.store import persons_sql as history
from harken_server.responses.store import persons_sql as waiting_sql
from harken_server.responses.store import read as closing
from harken_server.responses.store.escalations import EscalationDetail
from harken_server.responses.store.persons_sql import find_erasure
from harken_server.responses.tables import Escalation
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act

CLOSED, WAITING, ACT = UUID(int=0xA21), UUID(int=0xA22), UUID(int=0xA24)
ADDRESS = "kim@example.org"
PHONE = "+4712345678"
DETAIL = EscalationDetail(response=RESPONSE, poor_answers=2, within_days=90)
KIM = Subject(
    respondent="kim", email=ADDRESS, survey_id=SURVEY, now=NOW, poor_since=NOW - timedelta(days=90)
)


def decision(workspace_id: UUID, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "id": TODAY, "touchpoint": "store.till", "channel": "api", "is_asked": True,
        "reason": "asked", "created_at": EARLIER, "respondent": "kim", "survey_id": SURVEY,
        "invitation_id": OPEN, "idempotency_key": "order-17",
    }  # fmt: skip
    return Decision(workspace_id=workspace_id, **{**values, **changes})


def told(**changes: Any) -> Respondent:
    values = {"respondent": "kim", "email": ADDRESS, "phone": PHONE, **changes}
    return Respondent(**values)


async def forget_some(db: Database, workspace_id: UUID, table: type[Table]) -> int:
    return await within(db, lambda tx: erasing.forget_some(tx, workspace_id, table, "kim"))


def act_of(workspace_id: UUID, act_id: UUID) -> Act:
    return Act(act_id, workspace_id, UUID(int=1), "suppress_respondent", NOW)


async def build(db: Database) -> None:
    await build_survey(db)
    await build_invitations(db)
    await build_responses(db)
    made = decision(OURS, facts=f'{{"{SECRET}": 1}}')
    await within(db, lambda tx: decisions.record_decisions(tx, [made]))
    known = told(traits={"plan": SECRET}, consent=True, updated_at=NOW)
    await respondents.put_respondent(db, OURS, known)
    await suppressions.suppress(db, OURS, "lee", reason=SECRET, now=NOW, new_id=UUID(int=0xA23))
    await suppressions.suppress_survey(db, OURS, "lee", SURVEY, NOW)
    await within(db, lambda tx: audit.write(tx, act_of(OURS, ACT), SECRET, reason=SECRET))
    await suppressions.suppress_address(db, OURS, "lee@example.org", reason="bounced", now=NOW)
    await within(
        db, lambda tx: suppressions.suppress_erased(tx, OURS, "gone", ["gone@example.org"], NOW)
    )
    for id_ in (CLOSED, WAITING):
        await escalations.open_escalation(db, OURS, "kim", DETAIL, now=NOW, new_id=id_)
        if id_ == CLOSED:
            await escalations.close_escalation(db, OURS, id_, NOW)


ASKED = Theme(
    build=build,
    reads={
        "asking.decisions_sql.find_decision_by_key": lambda db, w: decisions.find_decision_by_key(
            db, w, "order-17"
        ),
        "asking.decisions_sql.get_decision": lambda db, w: decisions.get_decision(db, w, TODAY),
        "asking.decisions_sql.find_used_keys": lambda db, w: within(
            db, lambda tx: decisions.find_used_keys(tx, w, ["order-17"])
        ),
        "invitations.get_invitation": lambda db, w: invitations.get_invitation(db, w, OPEN),
        "responses.persons_sql.list_open_invitations": lambda db, w: (
            waiting_sql.list_open_invitations(db, w, "kim", "widget", NOW, 5)
        ),
        "email.find_links": lambda db, w: mail_store.find_links(db, w, SURVEY, "spring:1", ["kim"]),
        "respondents.persons_sql.read_persons": lambda db, w: persons_sql.read_persons(
            db, w, [KIM]
        ),
        "respondents.persons_sql.read_persons: somebody suppressed": lambda db, w: (
            persons_sql.read_persons(
                db, w, [Subject(respondent="lee", survey_id=SURVEY, now=NOW, poor_since=NOW)]
            )
        ),
        "respondents.persons_sql.read_persons: a suppressed address": lambda db, w: (
            persons_sql.read_persons(
                db, w, [Subject(respondent=None, email="lee@example.org", now=NOW, poor_since=NOW)]
            )
        ),
        "asking.pace_sql.read_pace": lambda db, w: pace.read_pace(db, w, "store.till", SURVEY, NOW),
        "responses.read.count_completes": lambda db, w: closing.count_completes(db, w, SURVEY, 10),
        "responses.read.count_quotas": lambda db, w: closing.count_quotas(db, w, SURVEY, ["tall"]),
        "responses.persons_sql.list_ratings": lambda db, w: history.list_ratings(
            db, w, "kim", EARLIER
        ),
    },
    changes={
        "invitations.mark_shown": lambda db, w: invitations.mark_shown(
            db, invitation(w), NOW, is_dismissed=True
        ),
    },
    additions={
        "asking.decisions_sql.record_decisions": lambda db, w: within(
            db,
            lambda tx: decisions.record_decisions(
                tx, [decision(w, id=fresh(w), idempotency_key=None)]
            ),
        ),
        "asking.decisions_sql.record_decisions: for the same key": lambda db, w: within(
            db, lambda tx: decisions.record_decisions(tx, [decision(w, id=fresh(w))])
        ),
        "invitations.add_invitation": lambda db, w: invitations.add_invitation(
            db, invitation(w, id=fresh(w), code=w.hex[-13:])
        ),
        "invitations.keep_invitation": lambda db, w: invitations.keep_invitation(
            db, invitation(w, id=fresh(w), code=w.hex[-13:]), bytes
        ),
        "invitations.add_invitations": lambda db, w: within(
            db,
            lambda tx: invitations.add_invitations(
                tx, w, [invitation(w, id=fresh(w), code=w.hex[-13:])]
            ),
        ),
    },
    taken={
        "asking.decisions_sql.record_decisions: with an id that is there": lambda db, w: within(
            db, lambda tx: decisions.record_decisions(tx, [decision(w, idempotency_key=None)])
        ),
        "invitations.add_invitation: with a code that is there": lambda db, w: (
            invitations.add_invitation(db, invitation(w, id=fresh(w)))
        ),
        "invitations.add_invitations: with an id that is there": lambda db, w: within(
            db, lambda tx: invitations.add_invitations(tx, w, [invitation(w, code=w.hex[-13:])])
        ),
    },
)

RESPONDENTS = Theme(
    build=build,
    reads={
        "respondents.respondents.get_respondent": lambda db, w: respondents.get_respondent(
            db, w, "kim"
        ),
        "respondents.persons_sql.find_named": lambda db, w: within(
            db, lambda tx: known_sql.find_named(tx, w, "p.traits", ["kim"])
        ),
        "respondents.respondents.find_by_phone": lambda db, w: respondents.find_by_phone(
            db, w, PHONE
        ),
        "respondents.suppressions.is_suppressed": lambda db, w: suppressions.is_suppressed(
            db, w, "lee"
        ),
        "respondents.suppressions.is_suppressed: by address": lambda db, w: (
            suppressions.is_suppressed(db, w, "other", address="lee@example.org")
        ),
        "respondents.suppressions.is_survey_suppressed": lambda db, w: (
            suppressions.is_survey_suppressed(db, w, "lee", SURVEY)
        ),
        "respondents.suppressions.get_suppression": lambda db, w: suppressions.get_suppression(
            db, w, "lee"
        ),
        "respondents.suppressions.list_suppressions": lambda db, w: suppressions.list_suppressions(
            db, w
        ),
        "respondents.respondents.list_respondents": lambda db, w: respondents.list_respondents(
            db, w, ["kim"]
        ),
        "respondents.suppressions.is_erased": lambda db, w: suppressions.is_erased(db, w, "gone"),
        "workspaces.audit.list_entries": lambda db, w: audit.list_entries(db, w),
        "respondents.erasing.count_rows": lambda db, w: erasing.count_rows(db, w, "kim", [ADDRESS]),
        "invitations.list_invitations": lambda db, w: invitations.list_invitations(db, w, [OPEN]),
        "responses.persons_sql.find_erasure": lambda db, w: find_erasure(db, w, "gone"),
        "responses.persons_sql.count_of_person": lambda db, w: erasing_sql.count_of_person(
            db, w, "kim"
        ),
        "respondents.erasing.find_addresses": lambda db, w: erasing.find_addresses(db, w, "kim"),
        "responses.persons_sql.list_of_person": lambda db, w: erasing_sql.list_of_person(
            db, w, "kim", 10
        ),
        "responses.escalations.last_closed_at": lambda db, w: escalations.last_closed_at(
            db, w, "kim"
        ),
        "responses.escalations.list_escalations": lambda db, w: escalations.list_escalations(
            db, w, is_open=None, before=None, limit=10
        ),
    },
    changes={
        "respondents.suppressions.unsuppress": lambda db, w: suppressions.unsuppress(db, w, "lee"),
        "respondents.suppressions.unsuppress_survey": lambda db, w: suppressions.unsuppress_survey(
            db, w, "lee", SURVEY
        ),
        "respondents.suppressions.unsuppress_address": lambda db, w: (
            suppressions.unsuppress_address(db, w, "lee@example.org")
        ),
        "respondents.suppressions.unsuppress_erased": lambda db, w: suppressions.unsuppress_erased(
            db, w, "gone"
        ),
        "respondents.erasing.forget_invitation": lambda db, w: within(
            db, lambda tx: erasing.forget_invitation(tx, w, OPEN)
        ),
        # Written again it says more; one that another workspace has stays as it is.
        "workspaces.audit.write": lambda db, w: within(
            db, lambda tx: audit.write(tx, act_of(w, ACT), "again")
        ),
        **{
            f"respondents.erasing.forget_some: {erasing.name_of(table)}": partial(
                forget_some, table=table
            )
            for table in (Invitation, Known, Escalation, Decided)
        },
        "responses.escalations.describe_open": lambda db, w: escalations.describe_open(
            db, w, "kim", msgspec.structs.replace(DETAIL, poor_answers=9)
        ),
        "responses.escalations.forget_response": lambda db, w: escalations.forget_response(
            db, w, "kim", RESPONSE
        ),
        "responses.escalations.take_back": lambda db, w: escalations.take_back(db, w, "kim"),
        "responses.escalations.close_escalation": lambda db, w: escalations.close_escalation(
            db, w, WAITING, LATER
        ),
    },
    additions={
        "respondents.respondents.merge_respondent": lambda db, w: within(
            db, lambda tx: respondents.merge_respondent(tx, w, told(traits={"n": 1}), LATER)
        ),
        "respondents.respondents.merge_respondents": lambda db, w: within(
            db,
            lambda tx: respondents.merge_respondents(tx, w, [(told(traits={"n": 1}), LATER)]),
        ),
        "respondents.respondents.put_respondent": lambda db, w: respondents.put_respondent(
            db, w, told(updated_at=LATER)
        ),
        "respondents.suppressions.suppress_erased": lambda db, w: within(
            db,
            lambda tx: suppressions.suppress_erased(tx, w, "other", ["other@example.org"], NOW),
        ),
        "respondents.suppressions.suppress": lambda db, w: suppressions.suppress(
            db, w, "lee", reason="asked_not_to", now=LATER, new_id=fresh(w)
        ),
        "respondents.suppressions.suppress_survey": lambda db, w: suppressions.suppress_survey(
            db, w, "lee", SURVEY, LATER
        ),
        "respondents.suppressions.suppress_address": lambda db, w: suppressions.suppress_address(
            db, w, "lee@example.org", reason="bounced", now=LATER
        ),
        "responses.escalations.open_escalation": lambda db, w: escalations.open_escalation(
            db, w, "kim", DETAIL, now=LATER, new_id=fresh(w)
        ),
    },
    taken={
        "responses.escalations.open_escalation: with an id that is there": lambda db, w: (
            escalations.open_escalation(db, w, "other", DETAIL, now=LATER, new_id=WAITING)
        ),
    },
)
