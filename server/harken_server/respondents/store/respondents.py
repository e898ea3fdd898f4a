"""Respondents: what the host application told us of a person, merged as it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.many_rows import Columns, among, array_of, insert_many
from harken_server.database.rows import StoredBool, StoredTime
from harken_server.database.values import to_bool, to_time

Values: TypeAlias = dict[str, str | int | float | bool | None]

_Row: TypeAlias = tuple[
    str, str | None, str | None, str | None, str | None, StoredBool | None, str, StoredTime
]

_SELECT = (
    "SELECT respondent, email, phone, locale, timezone, consent, traits, updated_at"
    " FROM respondent WHERE workspace_id = $1"
)
_TYPED: Columns = (
    ("workspace_id", "uuid"), ("respondent", "text"), ("email", "text"), ("phone", "text"),
    ("locale", "text"), ("timezone", "text"), ("consent", "bool"), ("traits", "text"),
    ("updated_at", "timestamptz"),
)  # fmt: skip
_REPLACE = (
    "(workspace_id, respondent) DO UPDATE SET email = excluded.email, phone = excluded.phone,"
    " locale = excluded.locale, timezone = excluded.timezone, consent = excluded.consent,"
    " traits = excluded.traits, updated_at = excluded.updated_at"
)
_UPSERT = (
    f"INSERT INTO respondent ({', '.join(name for name, _ in _TYPED)})"  # noqa: S608  # our own list
    f" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT {_REPLACE}"
)


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


async def get_respondent(
    db: Database | Transaction, workspace_id: UUID, respondent: str
) -> Respondent | None:
    """The respondent of this name, if anything was ever told of them."""
    rows = await db.fetch(_SELECT + " AND respondent = $2", workspace_id, respondent)
    return _respondent(rows[0]) if rows else None


async def find_by_phone(
    db: Database | Transaction, workspace_id: UUID, phone: str
) -> list[Respondent]:
    """Everybody with this phone number (digits, with + when it was given), last told of first."""
    return await _find(db, " AND phone = $2", workspace_id, phone)


async def merge_respondent(
    tx: Transaction, workspace_id: UUID, told: Respondent, now: datetime
) -> Respondent:
    """Keep what is told now over what was known: what is None stays, traits are merged by name.

    A trait of None is forgotten. Of two at once the later one wins whole: take turns
    (`database.locks.named_lock`) where that matters.
    """
    known = await get_respondent(tx, workspace_id, told.respondent)
    merged = _merge(known, told, now) if known else _merge(told, told, now)
    if known is None or msgspec.structs.replace(known, updated_at=now) != merged:
        await put_respondent(tx, workspace_id, merged)
    return merged


async def merge_respondents(
    tx: Transaction, workspace_id: UUID, every_told: Sequence[tuple[Respondent, datetime]]
) -> None:
    """Merge what is told of several, each as `merge_respondent` does; of nobody twice."""
    if not every_told:
        return
    names = [told.respondent for told, _ in every_told]
    rows = await tx.fetch(
        _SELECT + f" AND respondent {among(tx, 2, 'text')}", workspace_id, array_of(tx, names)
    )
    known = {row[0]: _respondent(row) for row in rows}
    changed: list[Respondent] = []
    for told, now in every_told:
        before = known.get(told.respondent)
        merged = _merge(before or told, told, now)
        if before is None or msgspec.structs.replace(before, updated_at=now) != merged:
            changed.append(merged)
    changed.sort(key=lambda one: one.respondent)
    values = [_values(workspace_id, one) for one in changed]
    await insert_many(tx, "respondent", _TYPED, values, _REPLACE)


async def put_respondent(
    db: Database | Transaction, workspace_id: UUID, respondent: Respondent
) -> None:
    """Keep exactly this; `updated_at` must be there."""
    await db.execute(_UPSERT, *_values(workspace_id, respondent))


def _values(workspace_id: UUID, respondent: Respondent) -> tuple[Any, ...]:
    return (
        workspace_id,
        respondent.respondent,
        respondent.email.lower() if respondent.email else None,
        respondent.phone,
        respondent.locale,
        respondent.timezone,
        respondent.consent,
        msgspec.json.encode(respondent.traits, order="sorted").decode(),
        respondent.updated_at,
    )


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


async def _find(
    db: Database | Transaction, condition: str, workspace_id: UUID, *params: Any
) -> list[Respondent]:
    order = " ORDER BY updated_at DESC, respondent LIMIT 100"
    return [
        _respondent(row)
        for row in await db.fetch(_SELECT + condition + order, workspace_id, *params)
    ]


def _respondent(row: _Row) -> Respondent:
    return Respondent(
        respondent=row[0],
        email=row[1],
        phone=row[2],
        locale=row[3],
        timezone=row[4],
        consent=None if row[5] is None else to_bool(row[5]),
        traits=msgspec.json.decode(row[6], type=Values),
        updated_at=to_time(row[7]),
    )
