"""Respondents: what the host application told us of a person, merged as it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Executor, Transaction
from harken_server.database.records import Records, is_among
from harken_server.respondents.store.persons_sql import find_named
from harken_server.respondents.tables import Respondent as T

Values: TypeAlias = dict[str, str | int | float | bool | None]


class Respondent(msgspec.Struct, kw_only=True, frozen=True):
    """A person as the host application knows them."""

    respondent: str
    """The host's own lasting name for the person."""
    email: str | None = None
    """In small letters."""
    phone: str | None = None
    """As digits, with + when it was given."""
    locale: str | None = None
    timezone: str | None = None
    """Name of the IANA database, such as Europe/Oslo."""
    consent: bool | None = None
    """None when nothing is known."""
    traits: Values = {}
    updated_at: datetime | None = None


_RESPONDENTS = Records(T, Respondent)
_KEY = (T.workspace_id, T.respondent)


async def get_respondent(db: Executor, workspace_id: UUID, respondent: str) -> Respondent | None:
    """The respondent of this name, if anything was ever told of them."""
    return await _RESPONDENTS.of(workspace_id).first(db, T.respondent == respondent)


async def list_respondents(
    db: Executor, workspace_id: UUID, names: Sequence[str]
) -> list[Respondent]:
    """Those of these respondents of whom anything was ever told."""
    if not names:
        return []
    return await _RESPONDENTS.of(workspace_id).all(db, is_among(T.respondent, names))


async def find_by_phone(db: Executor, workspace_id: UUID, phone: str) -> list[Respondent]:
    """Up to a hundred with this phone number (digits, + if it was given), last told of first."""
    people = _RESPONDENTS.of(workspace_id)
    latest = (T.updated_at, T.respondent)
    return await people.all(db, T.phone == phone, order_by=latest, is_descending=True, limit=100)


async def find_by_email(db: Executor, workspace_id: UUID, email: str) -> list[Respondent]:
    """Up to a hundred with this address, in any case of letters, last told of first."""
    people = _RESPONDENTS.of(workspace_id)
    latest = (T.updated_at, T.respondent)
    address = T.email == email.lower()
    return await people.all(db, address, order_by=latest, is_descending=True, limit=100)


async def merge_respondent(
    tx: Transaction, workspace_id: UUID, told: Respondent, now: datetime
) -> Respondent:
    """Keep what is told now over what was known: what is None stays, traits are merged by name.

    A trait of None is forgotten. Of two at once the later one wins whole: take turns
    (`database.locks.named_lock`) where that matters.
    """
    known = await get_respondent(tx, workspace_id, told.respondent)
    merged = _merge(known or told, told, now)
    if known is None or msgspec.structs.replace(known, updated_at=now) != merged:
        await put_respondent(tx, workspace_id, merged)
    return merged


async def merge_respondents(
    tx: Transaction, workspace_id: UUID, every_report: Sequence[tuple[Respondent, datetime]]
) -> None:
    """Merge what is told of several, each as `merge_respondent` does; of nobody twice."""
    if not every_report:
        return
    names = [told.respondent for told, _ in every_report]
    rows = await find_named(tx, workspace_id, _RESPONDENTS.names("p"), names)
    known = {one.respondent: one for one in map(_RESPONDENTS.read, rows)}
    changed: list[Respondent] = []
    for told, now in every_report:
        before = known.get(told.respondent)
        merged = _merge(before or told, told, now)
        if before is None or msgspec.structs.replace(before, updated_at=now) != merged:
            changed.append(merged)
    changed.sort(key=lambda one: one.respondent)
    values = [_RESPONDENTS.values_of(one) for one in changed]
    await _RESPONDENTS.of(workspace_id).put_many(tx, values, _KEY)


async def put_respondent(db: Executor, workspace_id: UUID, respondent: Respondent) -> None:
    """Keep exactly this; `updated_at` must be there."""
    email = respondent.email.lower() if respondent.email else None
    values = {**_RESPONDENTS.values_of(respondent), T.email: email}
    await _RESPONDENTS.of(workspace_id).put(db, values, _KEY)


def _merge(known: Respondent, told: Respondent, now: datetime) -> Respondent:
    traits = {**known.traits, **told.traits}
    return Respondent(
        respondent=known.respondent,
        email=(told.email or known.email or "").lower() or None,
        phone=told.phone or known.phone,
        locale=told.locale or known.locale,
        timezone=told.timezone or known.timezone,
        consent=known.consent if told.consent is None else told.consent,
        traits={name: value for name, value in traits.items() if value is not None},
        updated_at=now,
    )
