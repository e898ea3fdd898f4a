"""Whether a survey has closed by itself: by its time, by its answers, or by a full quota.

Nothing has to run for that: it is looked at whenever somebody comes, by whatever way. Whoever has a
response stored may finish it, and counts only for surveys that name a limit are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor
from harken_server.http.problems import ForbiddenError
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import GoneError, HarkenError
from harken_server.responses.asked import Asked, Collection
from harken_server.responses.known import context_of
from harken_server.responses.response import INVITED, Proof, StoredResponse
from harken_server.responses.store.persons_sql import find_erasure, read_traits
from harken_server.responses.store.read import count_completes, count_quotas
from harken_server.responses.submission import Submission, when_answered
from harken_server.surveys.asking import Quota, SurveyAsking
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.segments import quotas_of

LATE = timedelta(hours=1)
"""For so long a page that was opened before the closing time may be sent after it."""


FOR_INVITED = "for invited people only"


class Comer(msgspec.Struct, kw_only=True, frozen=True):
    """Who wants to begin, as far as quotas and the closing time look at it."""

    began_at: datetime
    """When it was answered, or the page was opened; else now."""
    context: Mapping[str, Any] = {}
    respondent: str | None = None
    """Only one who is proved: nobody fills a quota in another's name."""
    is_invited: bool = False
    """Whether a survey for invited people is open to them."""
    invited_for: tuple[str, ...] = ()
    """The quotas that the invitation says its answer fills."""


def comer_of(invitation: Invitation | None, context: Mapping[str, Any], now: datetime) -> Comer:
    """Who opens a page or a conversation now, perhaps by a personal link."""
    if invitation is None:
        return Comer(began_at=now, context=context)
    return Comer(
        began_at=now,
        context={**context, **invitation.context},
        respondent=invitation.respondent,
        is_invited=True,
        invited_for=invitation.quotas,
    )


def comer_with(
    now: datetime,
    asked: Asked,
    submission: Submission,
    stored: StoredResponse | None,
    *,
    is_verified: bool,
) -> Comer:
    """Who sends a submission."""
    invitation = asked.invitation
    waited_since = when_answered(submission, now, asked.loaded.record)
    respondent = (invitation and invitation.respondent) or submission.respondent
    return Comer(
        began_at=waited_since or began_at(submission.started_at, now),
        context=context_of(submission, invitation, stored),
        respondent=(respondent or (stored and stored.respondent)) if is_verified else None,
        invited_for=invitation.quotas if invitation else (),
    )


def began_at(claimed: datetime | None, now: datetime) -> datetime:
    """When somebody began, as far as that is believed: within the last `LATE`.

    >>> noon = datetime(2026, 3, 1, 12)
    >>> [began_at(noon - ago, noon).hour for ago in (LATE / 2, LATE * 2)]
    [11, 12]
    """
    return claimed if claimed is not None and now - LATE <= claimed <= now else now


async def refusal_when_closed(
    db: Executor, loaded: LoadedSurvey, comer: Comer
) -> HarkenError | None:
    """Why somebody may not begin now, if the survey has closed by itself for them, or is not for
    them."""
    asking = loaded.survey.asking
    if asking is None:
        return None
    if asking.invited_only and not comer.is_invited:
        return ForbiddenError(
            f"Survey {loaded.record.key} is {FOR_INVITED}: open the personal link, or send its "
            "code as `token`.",
            code="invitation_needed",
        )
    workspace_id, survey_id = loaded.workspace.id, loaded.record.id
    reason = await _why_closed(db, workspace_id, survey_id, asking, comer.began_at)
    if reason is None and asking.quotas:
        names = await filled_by(db, workspace_id, asking.quotas, comer)
        reason = await _why_full(db, workspace_id, survey_id, asking.quotas, names)
    if reason is None:
        return None
    return GoneError(f"Survey {loaded.record.key} is closed: {reason}.", code="survey_closed")


async def unless_closed(
    room: Collection,
    asked: Asked,
    today: LoadedSurvey,
    submission: Submission,
    *,
    proof: Proof,
    origin: Proof,
) -> Asked:
    """The same, refused to whoever has not begun when the survey closed by itself or is not for
    them, by the rules of `today`."""
    comer = comer_with(room.clock(), asked, submission, None, is_verified=bool(proof))
    comer = msgspec.structs.replace(comer, is_invited=origin in INVITED)
    refusal = await refusal_when_closed(room.db, today, comer)
    return msgspec.structs.replace(asked, refusal=refusal)


async def why_closed_to_all(
    db: Database, workspace_id: UUID, survey_id: UUID, asking: SurveyAsking | None, now: datetime
) -> str | None:
    """Why nobody may begin who just comes by, if so: a widget or a kiosk need not offer it then."""
    if asking is None:
        return None
    if asking.invited_only:
        return f"it is {FOR_INVITED}"
    names = tuple(quota.name for quota in asking.quotas if not quota.where)
    return await _why_closed(db, workspace_id, survey_id, asking, now) or await _why_full(
        db, workspace_id, survey_id, asking.quotas, names
    )


async def filled_by(
    db: Executor, workspace_id: UUID, quotas: Iterable[Quota], comer: Comer
) -> tuple[str, ...]:
    """The quotas that an answer of this person fills."""
    quotas = tuple(quotas)
    traits: dict[str, Any] = {}
    if comer.respondent and any(rule.of == "trait" for each in quotas for rule in each.where):
        found = await read_traits(db, workspace_id, [comer.respondent])
        traits = found.get(comer.respondent, {})
    belongs = {*quotas_of(quotas, traits, comer.context), *comer.invited_for}
    return tuple(quota.name for quota in quotas if quota.name in belongs)


async def _why_closed(
    db: Executor,
    workspace_id: UUID,
    survey_id: UUID,
    asking: SurveyAsking,
    at: datetime,
) -> str | None:
    if asking.closes_at is not None and at >= asking.closes_at:
        return f"it took answers until {asking.closes_at:%Y-%m-%d %H:%M} UTC"
    wanted = asking.closes_after
    if wanted is not None and await count_completes(db, workspace_id, survey_id, wanted) >= wanted:
        return f"it has the {_answers(wanted)} that it wants"
    return None


async def _why_full(
    db: Executor,
    workspace_id: UUID,
    survey_id: UUID,
    quotas: Iterable[Quota],
    names: tuple[str, ...],
) -> str | None:
    if not names:
        return None
    counts = await count_quotas(db, workspace_id, survey_id, names)
    for quota in quotas:
        if quota.name in names and counts[quota.name] >= quota.limit:
            return f"quota {quota.name} has the {_answers(quota.limit)} that it wants"
    return None


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"


async def refuse_erased(
    db: Database, record: SurveyRecord, submission: Submission, now: datetime
) -> None:
    """Raise GoneError (`respondent_erased`) for what an erased person had answered before.

    It waited on a device meanwhile. What they answer later is new, and kept.
    """
    answered = when_answered(submission, now, record)
    if answered is None or submission.respondent is None:
        return
    erased_at = await find_erasure(db, record.workspace_id, submission.respondent)
    if erased_at is not None and answered <= erased_at:
        raise GoneError(
            "The respondent was erased after this was answered; nothing is stored of it.",
            code="respondent_erased",
        )
