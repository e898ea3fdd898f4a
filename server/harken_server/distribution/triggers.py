"""A trigger: a touchpoint happened, so decide whether to ask, and keep the decision."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.core.adaptive import Pace
from harken_server.core.eligibility import Facts, Verdict, decide
from harken_server.core.errors import ConflictError, InvalidInputError
from harken_server.core.explanations import explain
from harken_server.core.ids import RANDOM_BYTES, uuid7
from harken_server.core.records import Decision, Invitation
from harken_server.distribution.explaining import recall
from harken_server.distribution.history import Told, fills_quotas, gather_facts
from harken_server.distribution.invitations import Random, new_invitation
from harken_server.distribution.paces import PaceBook
from harken_server.distribution.people import told_of
from harken_server.distribution.reaching import reach
from harken_server.distribution.requests import TriggerRequest, check_request, digest_request
from harken_server.distribution.results import TriggerResult
from harken_server.storage.asking import Settings, read_settings
from harken_server.storage.database import Database, Transaction
from harken_server.storage.decisions import decision_lock, find_decision_by_key, record_decision
from harken_server.storage.escalations import EscalationDetail, open_escalation
from harken_server.storage.history import Person
from harken_server.storage.invitations import add_invitation
from harken_server.storage.respondents import merge_respondent

__all__ = ["TriggerResult", "trigger"]

log = logging.getLogger("harken.triggers")

ERASED = "erased"
"""The suppression of somebody of whom nothing may be kept again."""


class _Occasion(msgspec.Struct, frozen=True):
    """What is known before anything is locked; no other trigger can change it."""

    request: TriggerRequest
    draft: Decision
    settings: Settings
    pace: Pace | None
    random: Random
    is_postgres: bool
    invitation: Invitation | None
    """Made beforehand for a live survey, so that nothing is drawn while others wait."""

    def new_id(self) -> UUID:
        """A new UUIDv7 of this moment."""
        return uuid7(self.draft.created_at, self.random(RANDOM_BYTES))


async def trigger(
    db: Database,
    request: TriggerRequest,
    *,
    workspace_id: UUID,
    now: datetime,
    random: Random,
    idempotency_key: str | None = None,
    paces: PaceBook | None = None,
    wave: str = "",
) -> TriggerResult:
    """Decide whether to ask, and record the decision and all that follows from it together.

    The same idempotency key with the same request gives the first decision and invitation for
    ever; with another request, ConflictError `idempotency_key_reused`. However many triggers for
    one respondent run at once, one invitation comes of them. InvalidInputError lists every problem.
    `paces` remembers for some seconds what adaptive sampling goes by; `wave` names the wave of a
    programme, if one asks.
    """
    problems = check_request(request, idempotency_key, now=now)
    if problems:
        raise InvalidInputError("the trigger is not acceptable", tuple(problems))
    settings = await read_settings(db, workspace_id, request.touchpoint)
    pace = await (paces or PaceBook()).look(db, workspace_id, request.touchpoint, settings, now)
    draft = Decision(
        id=uuid7(now, random(RANDOM_BYTES)),
        workspace_id=workspace_id,
        touchpoint=request.touchpoint,
        channel=request.channel,
        is_asked=False,
        reason="",
        created_at=now,
        respondent=request.respondent,
        survey_id=settings.survey_id,
        idempotency_key=idempotency_key or request.idempotency_key,
        request_digest=digest_request(request),
    )
    is_postgres = db.dialect == "postgres"
    drawn = _draw_invitation(request, draft, settings, random, wave)
    occasion = _Occasion(request, draft, settings, pace, random, is_postgres, drawn)
    return await _decide_once(db, occasion)


async def _decide_once(db: Database, occasion: _Occasion) -> TriggerResult:
    """Decide; when the key turns out to be used, undo that and give the decision made then."""

    async def settle(tx: Transaction) -> TriggerResult:
        return await _settle(tx, occasion)

    try:
        result = await db.atomic(settle)
    except ConflictError as error:
        earlier = await _find_earlier(db, occasion.draft) if _is_repeat(error) else None
        if earlier is None:
            raise
        return await recall(db, earlier, is_repeat=True)
    _log_decision(result)
    return result


def _is_repeat(error: ConflictError) -> bool:
    return error.code == "decision_exists"


async def _find_earlier(db: Database, draft: Decision) -> Decision | None:
    """Find what was decided for this idempotency key; ConflictError if for another request."""
    if draft.idempotency_key is None:
        return None
    earlier = await find_decision_by_key(db, draft.workspace_id, draft.idempotency_key)
    if earlier is not None and earlier.request_digest != draft.request_digest:
        raise ConflictError(
            f"idempotency key {draft.idempotency_key!r} was used for another trigger",
            code="idempotency_key_reused",
        )
    return earlier


async def _settle(tx: Transaction, occasion: _Occasion) -> TriggerResult:
    """Take turns with other triggers for the respondent, decide, and write what follows.

    The decision is written first: a used key ends it there, before anything else is touched.
    """
    request, draft, settings = occasion.request, occasion.draft, occasion.settings
    if draft.respondent is not None:
        await decision_lock(tx, draft.workspace_id, f"respondent {draft.respondent}")
    facts, person = await gather_facts(
        tx, settings, _told(occasion), is_postgres=occasion.is_postgres, pace=occasion.pace
    )
    verdict = decide(facts)
    invitation = _invite(occasion, person) if verdict.reason == "asked" else None
    decision = msgspec.structs.replace(
        draft,
        is_asked=invitation is not None,
        reason=verdict.reason,
        invitation_id=invitation.id if invitation else None,
        facts=msgspec.json.encode(facts).decode(),
    )
    await record_decision(tx, decision)
    told = told_of(request)
    if told is not None and person.suppression != ERASED:
        await merge_respondent(tx, draft.workspace_id, told, draft.created_at)
    delivery_id = None
    if invitation is not None:
        delivery_id = await _send(tx, occasion, invitation, person)
    await _escalate(tx, occasion, verdict, facts)
    return TriggerResult(
        decision=decision,
        verdict=verdict,
        explanation=explain(verdict, facts),
        survey_key=facts.survey,
        invitation=invitation,
        delivery_id=delivery_id,
    )


def _told(occasion: _Occasion) -> Told:
    request, draft = occasion.request, occasion.draft
    return Told(
        workspace_id=draft.workspace_id,
        touchpoint=draft.touchpoint,
        now=draft.created_at,
        subject=draft.respondent or draft.idempotency_key or draft.id.hex,
        respondent=draft.respondent,
        email=request.email,
        consent=request.consent,
        send_at=request.send_at,
        traits=request.traits,
        context=request.context,
    )


def _draw_invitation(
    request: TriggerRequest, draft: Decision, settings: Settings, random: Random, wave: str
) -> Invitation | None:
    if settings.survey_id is None or settings.survey_status != "live":
        return None
    return new_invitation(
        request,
        workspace_id=draft.workspace_id,
        survey_id=settings.survey_id,
        link_ttl_days=settings.link_ttl_days,
        now=draft.created_at,
        random=random,
        wave=wave,
    )


def _invite(occasion: _Occasion, person: Person) -> Invitation | None:
    """The invitation drawn beforehand, with the quotas that this person's answer fills."""
    invitation, request = occasion.invitation, occasion.request
    if invitation is None or not occasion.settings.of_survey.quotas:
        return invitation
    traits = {**person.traits, **request.traits}
    quotas = fills_quotas(occasion.settings, traits, request.context)
    return msgspec.structs.replace(invitation, quotas=quotas)


async def _send(
    tx: Transaction, occasion: _Occasion, invitation: Invitation, person: Person
) -> UUID | None:
    await add_invitation(tx, invitation)
    request, now = occasion.request, occasion.draft.created_at
    new_id: Callable[[], UUID] = occasion.new_id
    return await reach(
        tx,
        invitation,
        address=request.email or person.email,
        due_at=max(now, request.send_at or now),
        now=now,
        new_id=new_id,
    )


async def _escalate(tx: Transaction, occasion: _Occasion, verdict: Verdict, facts: Facts) -> None:
    if verdict.reason != "escalated" or facts.escalation is None or facts.respondent is None:
        return
    detail = EscalationDetail(
        poor_answers=facts.poor_answers,
        within_days=facts.escalation.within_days,
        touchpoint=facts.touchpoint,
        survey=facts.survey,
    )
    await open_escalation(
        tx,
        occasion.draft.workspace_id,
        facts.respondent,
        detail,
        now=facts.now,
        new_id=occasion.new_id(),
    )


def _log_decision(result: TriggerResult) -> None:
    """One line a decision, without the respondent: the reason is a code of `core.reasons`."""
    decision = result.decision
    log.info(
        "decided",
        extra={
            "touchpoint": decision.touchpoint,
            "survey": result.survey_key,
            "channel": decision.channel,
            "reason": decision.reason,
            "decision": str(decision.id),
        },
    )
