"""Decisions told again, and a respondent's prospects at every touchpoint; nothing is changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.asking.decision import Decision, TriggerResult
from harken_server.asking.facts import gather_facts
from harken_server.asking.requests import DRAWN_BYTES, Trigger, TriggerRequest
from harken_server.asking.rules.eligibility import Facts, Verdict, decide
from harken_server.asking.rules.explanations import explain, explain_barely
from harken_server.asking.rules.reasons import DecisionReason
from harken_server.asking.store.decisions_sql import get_decision
from harken_server.asking.store.pace_sql import PaceBook
from harken_server.asking.store.settings_sql import Settings, list_settings
from harken_server.database.database import Database
from harken_server.deliveries.store.deliveries import list_deliveries
from harken_server.invitations.store import get_invitation
from harken_server.surveys.store.surveys import get_survey_by_id

NO_FACTS = "{}"
"""What decisions of the first release have kept."""


class ProspectItem(msgspec.Struct, kw_only=True, frozen=True):
    """What a trigger would say now."""

    survey: str
    touchpoint: str | None
    """None when no touchpoint asks the survey."""
    asked: bool
    reason: str
    detail: str
    explanation: str


async def find_decision(
    db: Database, workspace_id: UUID, decision_id: UUID
) -> TriggerResult | None:
    """A decision as it was told when it was made; None when there is no such decision."""
    decision = await get_decision(db, workspace_id, decision_id)
    return None if decision is None else await recall(db, decision)


async def recall(db: Database, decision: Decision, *, is_repeat: bool = False) -> TriggerResult:
    """Tell a decision again, from the facts that were kept with it."""
    invitation = None
    delivery_id = None
    if decision.invitation_id is not None:
        invitation = await get_invitation(db, decision.workspace_id, decision.invitation_id)
        delivery_id = await _find_delivery(db, decision.workspace_id, decision.invitation_id)
    facts, verdict, explanation = read_facts(decision)
    survey_key = facts.survey if facts else await _find_survey_key(db, decision)
    return TriggerResult(
        decision=decision,
        verdict=verdict,
        explanation=explanation,
        facts=facts,
        survey_key=survey_key,
        invitation=invitation,
        delivery_id=delivery_id,
        is_repeat=is_repeat,
    )


async def list_prospects(
    db: Database,
    workspace_id: UUID,
    respondent: str,
    now: datetime,
    *,
    paces: PaceBook | None = None,
) -> list[ProspectItem]:
    """What a trigger would say now for this respondent: every survey at each touchpoint asking it.

    A survey that no touchpoint asks is there once.
    """
    book = paces or PaceBook()
    prospects: list[ProspectItem] = []
    for settings in await list_settings(db, workspace_id):
        touchpoint = settings.touchpoint or ""
        pace = await book.read(db, workspace_id, touchpoint, settings, now)
        request = TriggerRequest(touchpoint=touchpoint, respondent=respondent)
        # Nothing is kept of it, so nothing is drawn for it.
        would_be = Trigger(
            request=request, workspace_id=workspace_id, now=now, drawn=bytes(DRAWN_BYTES)
        )
        facts = await gather_facts(db, settings, would_be, pace=pace)
        prospects.append(_prospect(settings, facts))
    return prospects


def _prospect(settings: Settings, facts: Facts) -> ProspectItem:
    verdict = decide(facts) if settings.touchpoint is not None else Verdict("no_survey")
    return ProspectItem(
        survey=settings.survey or "",
        touchpoint=settings.touchpoint,
        asked=verdict.reason == "asked",
        reason=verdict.reason,
        detail=verdict.detail,
        explanation=explain(verdict, facts),
    )


def read_facts(decision: Decision) -> tuple[Facts | None, Verdict, str]:
    """The facts, the verdict and its sentence, of what is kept with the decision.

    What was decided stands, whatever the facts say now.
    """
    facts = None
    if decision.facts != NO_FACTS:
        facts = msgspec.json.decode(decision.facts, type=Facts)
        verdict = decide(facts)
        if verdict.reason == decision.reason:
            return facts, verdict, explain(verdict, facts)
    reason = decision.reason
    return facts, Verdict(msgspec.convert(reason, DecisionReason)), explain_barely(reason)


async def _find_survey_key(db: Database, decision: Decision) -> str | None:
    if decision.survey_id is None:
        return None
    survey = await get_survey_by_id(db, decision.workspace_id, decision.survey_id)
    return survey.key if survey else None


async def _find_delivery(db: Database, workspace_id: UUID, invitation_id: UUID) -> UUID | None:
    """The first delivery of an invitation: a reminder comes later."""
    found = await list_deliveries(db, workspace_id, invitation_id=invitation_id)
    return found[-1].id if found else None
