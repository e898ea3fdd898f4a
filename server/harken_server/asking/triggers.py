"""A trigger: a touchpoint happened, so decide whether to ask, and keep the decision."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from harken_server.asking.deciding import Undecided
from harken_server.asking.decision import Decision
from harken_server.asking.desk import TriggerDesk
from harken_server.asking.explaining import recall
from harken_server.asking.inviting import Random
from harken_server.asking.occasions import Occasion
from harken_server.asking.paces import PaceBook
from harken_server.asking.requests import TriggerRequest, check_request, digest_request
from harken_server.asking.results import TriggerResult
from harken_server.asking.store.decisions import find_decision_by_key
from harken_server.database.database import Database
from harken_server.deliveries.channels import Channels
from harken_server.kernel.errors import ConflictError, InvalidInputError

__all__ = ["TriggerResult", "trigger"]

log = logging.getLogger("harken.triggers")


async def trigger(
    db: Database,
    request: TriggerRequest,
    *,
    workspace_id: UUID,
    now: datetime,
    random: Random,
    channels: Channels,
    idempotency_key: str | None = None,
    desk: TriggerDesk | None = None,
    wave: str = "",
) -> TriggerResult:
    """Decide whether to ask, and record the decision and all that follows from it together.

    The same idempotency key with the same request gives the first decision and invitation for
    ever; with another request, ConflictError `idempotency_key_reused`. However many triggers for
    one respondent run at once, one invitation comes of them. InvalidInputError lists every problem.
    At a shared `desk` triggers that come together are decided together; `wave` names the wave of a
    programme, if one asks.
    """
    problems = (
        *check_request(request, idempotency_key, now=now),
        *channels.check_name(request.channel),
    )
    if problems:
        raise InvalidInputError("the trigger is not acceptable", problems)
    occasion = Occasion(
        request=request,
        workspace_id=workspace_id,
        now=now,
        idempotency_key=idempotency_key or request.idempotency_key,
        digest=digest_request(request),
        wave=wave,
    )
    at = desk or TriggerDesk(db, random, PaceBook(), channels)
    result = await at.decide(occasion)
    if isinstance(result, Undecided):
        return await _tell_again(db, occasion)
    _log_decision(result)
    return result


async def _tell_again(db: Database, occasion: Occasion) -> TriggerResult:
    """What was decided for the idempotency key; ConflictError if for another request."""
    earlier = await _find_earlier(db, occasion)
    if earlier is None:
        raise ConflictError("this trigger was decided already", code="decision_exists")
    if earlier.request_digest != occasion.digest:
        raise ConflictError(
            f"idempotency key {occasion.idempotency_key!r} was used for another trigger",
            code="idempotency_key_reused",
        )
    return await recall(db, earlier, is_repeat=True)


async def _find_earlier(db: Database, occasion: Occasion) -> Decision | None:
    if occasion.idempotency_key is None:
        return None
    return await find_decision_by_key(db, occasion.workspace_id, occasion.idempotency_key)


def _log_decision(result: TriggerResult) -> None:
    """One line a decision, without the respondent; reasons are codes of `asking.rules.reasons`."""
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
