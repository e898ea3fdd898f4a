"""Suppressions: who must not be asked, at all or one survey, by name, address or digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Executor, Transaction
from harken_server.database.records import Records, is_among
from harken_server.kernel.person_names import suppression_digest
from harken_server.respondents.store.persons_sql import ERASED
from harken_server.respondents.tables import Suppression as T
from harken_server.respondents.tables import SuppressionDigest as D
from harken_server.respondents.tables import SurveySuppression as S


class Suppression(msgspec.Struct, frozen=True):
    """A respondent who must not be asked."""

    respondent: str
    reason: str
    created_at: datetime


class _Since(msgspec.Struct, frozen=True):
    created_at: datetime


_NAMES = Records(T, Suppression)
_DIGESTS = Records(D, _Since)
_SURVEYS = Records(S, _Since)


async def is_suppressed(
    db: Executor,
    workspace_id: UUID,
    respondent: str,
    survey_id: UUID | None = None,
    *,
    address: str | None = None,
) -> bool:
    """Whether the respondent must not be asked: at all, this survey, or at this address."""
    digests = [suppression_digest(workspace_id, "respondent", respondent)]
    if address:
        digests.append(suppression_digest(workspace_id, "address", address))
    return (
        await get_suppression(db, workspace_id, respondent) is not None
        or await _DIGESTS.of(workspace_id).count(db, is_among(D.digest, digests)) > 0
        or (
            survey_id is not None
            and await is_survey_suppressed(db, workspace_id, respondent, survey_id)
        )
    )


async def suppress(
    db: Executor,
    workspace_id: UUID,
    respondent: str,
    *,
    reason: str,
    now: datetime,
    new_id: UUID,
) -> bool:
    """Never ask the respondent again. False when that held before; its reason and time stay."""
    values = _NAMES.values_of(Suppression(respondent, reason, now))
    return await _NAMES.of(workspace_id).add(db, {**values, T.id: new_id})


async def unsuppress(
    db: Executor, workspace_id: UUID, respondent: str, *, reason: str | None = None
) -> bool:
    """Allow asking again, whatever the reason was or only when it was the one given.

    False when the respondent was not suppressed so.
    """
    because = () if reason is None else (T.reason == reason,)
    return bool(await _NAMES.of(workspace_id).remove(db, T.respondent == respondent, *because))


async def list_suppressions(
    db: Database, workspace_id: UUID, *, after: str = "", limit: int = 1000
) -> list[Suppression]:
    """A page of suppressions by respondent, in byte order; go on after the last one's name."""
    names = _NAMES.of(workspace_id)
    return await names.all(db, T.respondent > after, order_by=(T.respondent,), limit=limit)


async def get_suppression(db: Executor, workspace_id: UUID, respondent: str) -> Suppression | None:
    """Why the respondent is not asked any survey; None when nothing speaks against it."""
    return await _NAMES.of(workspace_id).first(db, T.respondent == respondent)


async def suppress_survey(
    db: Executor, workspace_id: UUID, respondent: str, survey_id: UUID, now: datetime
) -> bool:
    """Never ask the respondent this survey again. False when that held before."""
    values = {S.respondent: respondent, S.survey_id: survey_id, S.created_at: now}
    return await _SURVEYS.of(workspace_id).add(db, values)


async def unsuppress_survey(
    db: Executor, workspace_id: UUID, respondent: str, survey_id: UUID
) -> bool:
    """Allow asking this survey again. False when nothing stood against it."""
    is_it = (S.respondent == respondent, S.survey_id == survey_id)
    return bool(await _SURVEYS.of(workspace_id).remove(db, *is_it))


async def is_survey_suppressed(
    db: Executor, workspace_id: UUID, respondent: str, survey_id: UUID
) -> bool:
    """Whether the respondent does not want this very survey."""
    is_it = (S.respondent == respondent, S.survey_id == survey_id)
    return await _SURVEYS.of(workspace_id).count(db, *is_it) > 0


async def suppress_address(
    db: Executor, workspace_id: UUID, address: str, *, reason: str, now: datetime
) -> bool:
    """Never send to an address again. False when that held before. Only a digest is kept."""
    digest = suppression_digest(workspace_id, "address", address)
    values = {D.digest: digest, D.reason: reason, D.created_at: now}
    return await _DIGESTS.of(workspace_id).add(db, values)


async def unsuppress_address(
    db: Executor, workspace_id: UUID, address: str, *, reason: str | None = None
) -> bool:
    """Allow sending to an address again, as `unsuppress` does. False when nothing stood against."""
    digest = suppression_digest(workspace_id, "address", address)
    because = () if reason is None else (D.reason == reason,)
    return bool(await _DIGESTS.of(workspace_id).remove(db, D.digest == digest, *because))


async def is_erased(db: Executor, workspace_id: UUID, respondent: str) -> bool:
    """Whether nothing may be kept of the respondent: by name, or by digest once that is gone."""
    named = await get_suppression(db, workspace_id, respondent)
    if named is not None and named.reason == ERASED:
        return True
    digest = suppression_digest(workspace_id, "respondent", respondent)
    return await _DIGESTS.of(workspace_id).count(db, D.digest == digest) > 0


async def suppress_erased(
    tx: Transaction,
    workspace_id: UUID,
    respondent: str,
    addresses: Sequence[str],
    now: datetime,
) -> None:
    """Never ask the respondent again, nor write to the addresses, and keep only digests of all."""
    digest = suppression_digest(workspace_id, "respondent", respondent)
    values = {D.digest: digest, D.reason: ERASED, D.created_at: now}
    await _DIGESTS.of(workspace_id).add(tx, values)
    for address in addresses:
        await suppress_address(tx, workspace_id, address, reason=ERASED, now=now)


async def unsuppress_erased(db: Executor, workspace_id: UUID, name: str) -> bool:
    """Allow asking somebody again who was erased under this name or this address.

    False when nobody was.
    """
    digests = [suppression_digest(workspace_id, kind, name) for kind in ("respondent", "address")]
    is_it = (is_among(D.digest, digests), D.reason == ERASED)
    return bool(await _DIGESTS.of(workspace_id).remove(db, *is_it))
