"""A trigger: a touchpoint happened, so decide whether to ask, and keep the decision."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.core.eligibility import Facts, Reason, decide, explain, is_sampled
from harken_server.core.errors import ConflictError, InvalidInputError
from harken_server.core.ids import RANDOM_BYTES, uuid7
from harken_server.core.records import Decision, Invitation, SurveyRecord, Touchpoint
from harken_server.distribution.invitations import Random, new_invitation
from harken_server.distribution.requests import TriggerRequest, check_request, digest_request
from harken_server.storage.database import Database, Transaction
from harken_server.storage.decisions import (
    decision_lock,
    find_decision_by_key,
    last_asked_at,
    record_decision,
)
from harken_server.storage.invitations import add_invitation, get_invitation
from harken_server.storage.suppressions import is_suppressed
from harken_server.storage.surveys import get_survey, get_survey_by_id
from harken_server.storage.touchpoints import get_touchpoint

log = logging.getLogger("harken.triggers")


class TriggerResult(msgspec.Struct, kw_only=True, frozen=True):
    """What became of a trigger."""

    decision: Decision
    explanation: str
    """One sentence for people."""
    survey_key: str | None = None
    """The survey that was looked at; None when the touchpoint has none."""
    invitation: Invitation | None = None
    """There when, and only when, the respondent is asked."""
    is_repeat: bool = False
    """The idempotency key was used before, and this is the decision made then."""


class _Scene(msgspec.Struct, frozen=True):
    """What was read before deciding."""

    touchpoint: Touchpoint
    survey: SurveyRecord | None
    facts: Facts


async def trigger(
    db: Database,
    request: TriggerRequest,
    *,
    workspace_id: UUID,
    now: datetime,
    random: Random,
    idempotency_key: str | None = None,
) -> TriggerResult:
    """Decide whether to ask, and record the decision and any invitation together.

    The same idempotency key with the same request gives the first decision and invitation for
    ever; with another request, ConflictError `idempotency_key_reused`. However many triggers for
    one respondent run at once, a cooldown lets one through. InvalidInputError lists every problem.
    """
    problems = check_request(request, idempotency_key)
    if problems:
        raise InvalidInputError("the trigger is not acceptable", tuple(problems))
    draft = Decision(
        id=uuid7(now, random(RANDOM_BYTES)),
        workspace_id=workspace_id,
        touchpoint=request.touchpoint,
        channel=request.channel,
        is_asked=False,
        reason="",
        created_at=now,
        respondent=request.respondent,
        idempotency_key=idempotency_key,
        request_digest=digest_request(request),
    )
    result = await _decide_once(db, request, draft, random)
    if not result.is_repeat:
        _log_decision(result)
    return result


async def _decide_once(
    db: Database, request: TriggerRequest, draft: Decision, random: Random
) -> TriggerResult:
    earlier = await _find_earlier(db, draft)
    if earlier is not None:
        return await _repeat(db, earlier)
    scene = await _read_scene(db, draft)
    async with db.transaction() as tx:
        await _take_turn(tx, draft)
        earlier = await _find_earlier(tx, draft)
        if earlier is None:
            return await _settle(tx, request, draft, scene, random)
    return await _repeat(db, earlier)


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


async def _find_earlier(db: Database | Transaction, draft: Decision) -> Decision | None:
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


async def _read_scene(db: Database, draft: Decision) -> _Scene:
    """Read what no concurrent trigger can change, before any lock is taken."""
    workspace_id, respondent = draft.workspace_id, draft.respondent
    touchpoint = await get_touchpoint(db, workspace_id, draft.touchpoint)
    if touchpoint is None:
        touchpoint = Touchpoint(key=draft.touchpoint, survey=None)
    survey = await get_survey(db, workspace_id, touchpoint.survey) if touchpoint.survey else None
    subject = respondent or draft.idempotency_key or draft.id.hex
    facts = Facts(
        touchpoint=touchpoint.key,
        survey=touchpoint.survey,
        survey_status=survey.status if survey else None,
        now=draft.created_at,
        respondent=respondent,
        is_suppressed=respondent is not None and await is_suppressed(db, workspace_id, respondent),
        is_sampled=is_sampled(
            workspace_id, touchpoint.survey or "", subject, touchpoint.sample_rate
        ),
        sample_rate=touchpoint.sample_rate,
        cooldown_days=touchpoint.cooldown_days,
    )
    return _Scene(touchpoint, survey, facts)


async def _take_turn(tx: Transaction, draft: Decision) -> None:
    """Wait for other triggers with the same key or respondent; always in this order."""
    if draft.idempotency_key is not None:
        await decision_lock(tx, draft.workspace_id, f"key {draft.idempotency_key}")
    if draft.respondent is not None:
        await decision_lock(tx, draft.workspace_id, f"respondent {draft.respondent}")


async def _settle(
    tx: Transaction, request: TriggerRequest, draft: Decision, scene: _Scene, random: Random
) -> TriggerResult:
    facts, survey = scene.facts, scene.survey
    if draft.respondent is not None:
        asked_at = await last_asked_at(tx, draft.workspace_id, draft.respondent, None)
        facts = msgspec.structs.replace(facts, last_asked_at=asked_at)
    reason = decide(facts)
    invitation = None
    if reason == "asked" and survey is not None:
        invitation = new_invitation(
            request,
            workspace_id=draft.workspace_id,
            survey_id=survey.id,
            link_ttl_days=scene.touchpoint.link_ttl_days,
            now=draft.created_at,
            random=random,
        )
        await add_invitation(tx, invitation)
    decision = msgspec.structs.replace(
        draft,
        is_asked=invitation is not None,
        reason=reason,
        survey_id=survey.id if survey else None,
        invitation_id=invitation.id if invitation else None,
    )
    await record_decision(tx, decision)
    return TriggerResult(
        decision=decision,
        explanation=explain(reason, facts),
        survey_key=facts.survey,
        invitation=invitation,
    )


async def _repeat(db: Database, decision: Decision) -> TriggerResult:
    """Give an earlier decision again, explained as far as its facts can still be known."""
    scene = await _read_scene(db, decision)
    survey_key = await _find_survey_key(db, decision, scene)
    asked_at = None
    if decision.respondent is not None:
        asked_at = await last_asked_at(db, decision.workspace_id, decision.respondent, None)
    facts = msgspec.structs.replace(scene.facts, survey=survey_key, last_asked_at=asked_at)
    invitation = None
    if decision.invitation_id is not None:
        invitation = await get_invitation(db, decision.workspace_id, decision.invitation_id)
    return TriggerResult(
        decision=decision,
        explanation=explain(msgspec.convert(decision.reason, Reason), facts),
        survey_key=survey_key,
        invitation=invitation,
        is_repeat=True,
    )


async def _find_survey_key(db: Database, decision: Decision, scene: _Scene) -> str | None:
    """Find the survey decided on, which the touchpoint may have stopped asking since."""
    if decision.survey_id is None:
        return None
    if scene.survey is not None and scene.survey.id == decision.survey_id:
        return scene.survey.key
    survey = await get_survey_by_id(db, decision.workspace_id, decision.survey_id)
    return survey.key if survey else None
