"""What is stored about the people that decisions are about: one query for all of a group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Executor, Transaction
from harken_server.database.many_rows import among, array_of
from harken_server.database.values import StoredId, StoredTime, from_time, to_bool, to_time, to_uuid
from harken_server.kernel.person_names import suppression_digest
from harken_server.respondents.rules import Contacts, Episode
from harken_server.responses.codes import COMPLETE, PARTIAL, TELLING

Values: TypeAlias = dict[str, str | int | float | bool | None]

_Row: TypeAlias = tuple[
    int, str, StoredId, str, str, int,
    StoredTime | None, StoredTime | None, StoredTime | None, StoredTime | None,
]  # fmt: skip

ERASED = "erased"
"""The suppression of somebody of whom nothing may be kept again."""

_POSTGRES_ASKED = """
WITH asked (workspace_id, n, respondent, survey, now, poor_since) AS (
  SELECT $1::uuid, u.* FROM unnest(
    $2::int[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]
  ) AS u
), named (workspace_id, n, name) AS (
  SELECT $1::uuid, u.* FROM unnest($7::int[], $8::text[]) AS u
), digested (workspace_id, n, digest) AS (
  SELECT $1::uuid, u.* FROM unnest($9::int[], $10::text[]) AS u
)
"""
_SQLITE_ASKED = """
WITH asked (workspace_id, n, respondent, survey, now, poor_since) AS MATERIALIZED (
  SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'),
    unhex(json_extract(value, '$[2]')), json_extract(value, '$[3]'), json_extract(value, '$[4]')
  FROM json_each($2)
), named (workspace_id, n, name) AS MATERIALIZED (
  SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($3)
), digested (workspace_id, n, digest) AS MATERIALIZED (
  SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($4)
)
"""
# CROSS JOIN keeps SQLite from beginning with the large table. No condition is about the large table
# alone, not even the workspace's: that makes SQLite read all of it for a Bloom filter.
_KNOWN = """
SELECT a.n, 'person' AS kind, CAST(NULL AS {uuid}) AS survey, p.email AS place, p.traits AS words,
  CASE WHEN p.consent IS NULL THEN -1 WHEN p.consent THEN 1 ELSE 0 END AS m,
  CAST(NULL AS {time}) AS a, CAST(NULL AS {time}) AS b, CAST(NULL AS {time}) AS c,
  CAST(NULL AS {time}) AS d
FROM asked a CROSS JOIN respondent p
WHERE p.workspace_id = a.workspace_id AND p.respondent = a.respondent
UNION ALL
SELECT a.n, 'suppression', NULL, '', s.reason, 0, NULL, NULL, NULL, NULL
FROM asked a CROSS JOIN suppression s WHERE s.workspace_id = a.workspace_id AND s.respondent = (
  SELECT q.email FROM respondent q
  WHERE q.workspace_id = a.workspace_id AND q.respondent = a.respondent
)
UNION ALL
SELECT m.n, 'suppression', NULL, '', s.reason, 0, NULL, NULL, NULL, NULL
FROM named m CROSS JOIN suppression s
WHERE s.workspace_id = m.workspace_id AND s.respondent = m.name
UNION ALL
SELECT a.n, 'suppression', NULL, '', 'this survey', 0, NULL, NULL, NULL, NULL
FROM asked a CROSS JOIN survey_suppression v
WHERE v.workspace_id = a.workspace_id AND v.respondent = a.respondent AND v.survey_id = a.survey
UNION ALL
SELECT g.n, 'suppression', NULL, '', d.reason, 0, NULL, NULL, NULL, NULL
FROM digested g CROSS JOIN suppression_digest d
WHERE d.workspace_id = g.workspace_id AND d.digest = g.digest
UNION ALL
SELECT a.n, 'invited', i.survey_id, i.touchpoint, '', count(*), max(i.created_at),
  max(i.shown_at), max(i.dismissed_at), max(CASE
    WHEN i.dismissed_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > a.now)
      AND (i.response_id IS NULL OR r.{partial}) THEN i.created_at END)
FROM asked a CROSS JOIN invitation i
LEFT JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id
LEFT JOIN response r ON r.survey_number = s.number AND r.id = i.response_id
WHERE i.workspace_id = a.workspace_id AND i.respondent = a.respondent
GROUP BY a.n, i.survey_id, i.touchpoint
UNION ALL
SELECT a.n, 'responded', s.id, r.touchpoint, '',
  sum(CASE WHEN r.submitted_at >= a.poor_since AND {counts} THEN 1 ELSE 0 END),
  max(CASE WHEN r.{complete} AND {counts} THEN r.updated_at END), NULL, NULL, NULL
FROM asked a CROSS JOIN survey s CROSS JOIN response r
WHERE s.workspace_id = a.workspace_id AND r.survey_number = s.number
  AND r.respondent = a.respondent
GROUP BY a.n, s.id, r.touchpoint
"""
_WORDS = {"counts": TELLING, "complete": COMPLETE, "partial": PARTIAL}
_SQLITE = _SQLITE_ASKED + _KNOWN.format(uuid="BLOB", time="INTEGER", **_WORDS)
_POSTGRES = _POSTGRES_ASKED + _KNOWN.format(uuid="uuid", time="timestamptz", **_WORDS)

_NO_SURVEY = UUID(int=0)


class Subject(msgspec.Struct, kw_only=True, frozen=True):
    """Whom a decision is about, and what it will look at."""

    respondent: str | None
    """None is anonymous: only the address may be suppressed."""
    email: str | None = None
    """The address that the trigger gave."""
    survey_id: UUID | None = None
    now: datetime
    poor_since: datetime
    """Start of the time in which responses are counted for escalation."""


class Person(msgspec.Struct, kw_only=True, frozen=True):
    """What is stored about one respondent; nothing of somebody new."""

    traits: Values = {}
    email: str | None = None
    consent: bool | None = None
    suppression: str | None = None
    """Why they must not be asked; None when they may."""
    episodes: tuple[Episode, ...] = ()


async def read_persons(
    db: Executor, workspace_id: UUID, subjects: Sequence[Subject]
) -> list[Person]:
    """Each subject's person with all contacts, in their order.

    Suppressed is who is so by name, by an e-mail address given or stored, or for this one survey.
    """
    asked = [
        (n, one.respondent, one.survey_id or _NO_SURVEY, one.now, one.poor_since)
        for n, one in enumerate(subjects)
        if one.respondent is not None
    ]
    named: list[tuple[int, str]] = [
        (n, name) for n, one in enumerate(subjects) for name in _names(one)
    ]
    digested = [
        (n, digest) for n, one in enumerate(subjects) for digest in _digests(workspace_id, one)
    ]
    if not named:
        return [Person()] * len(subjects)
    if db.dialect == "sqlite":
        params = _as_json(asked), _json(named), _json(digested)
        rows = await db.fetch(_SQLITE, workspace_id, *params)
    else:
        params = *_arrays(asked, 5), *_arrays(named, 2), *_arrays(digested, 2)
        rows = await db.fetch(_POSTGRES, workspace_id, *params)
    of_each: list[list[_Row]] = [[] for _ in subjects]
    for row in rows:
        place: int = row[0]
        of_each[place].append(row)
    return [_person(its_rows) for its_rows in of_each]


async def find_named(
    tx: Transaction, workspace_id: UUID, columns: str, names: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Rows of `columns` of the respondents, `p`, of those names."""
    return await tx.fetch(
        f"SELECT {columns} FROM respondent p"  # noqa: S608  # our own columns
        f" WHERE p.workspace_id = $1 AND p.respondent {among(tx, 2, 'text')}",
        workspace_id,
        array_of(tx, names),
    )


def _names(subject: Subject) -> set[str]:
    names = {subject.respondent, subject.email, subject.email and subject.email.lower()}
    return {name for name in names if name}


def _digests(workspace_id: UUID, subject: Subject) -> list[str]:
    digests: list[str] = []
    if subject.respondent is not None:
        digests.append(suppression_digest(workspace_id, "respondent", subject.respondent))
    if subject.email:
        digests.append(suppression_digest(workspace_id, "address", subject.email))
    return digests


def _as_json(asked: list[tuple[int, str, UUID, datetime, datetime]]) -> str:
    return _json(
        [
            (n, respondent, survey_id.hex, from_time(now), from_time(poor_since))
            for n, respondent, survey_id, now, poor_since in asked
        ]
    )


def _json(rows: list[Any]) -> str:
    return msgspec.json.encode(rows).decode()


def _arrays(rows: Sequence[Sequence[Any]], width: int) -> list[Any]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _person(rows: list[_Row]) -> Person:
    traits: Values = {}
    email: str | None = None
    consent: bool | None = None
    suppression: str | None = None
    episodes: list[Episode] = []
    for row in rows:
        if row[1] == "person":
            email = row[3]
            traits = msgspec.json.decode(row[4], type=Values)
            consent = None if row[5] < 0 else to_bool(row[5])
        elif row[1] == "suppression":
            suppression = suppression if suppression == ERASED else row[4]
        else:
            episodes.append(_episode(row))
    return Person(
        traits=traits,
        email=email,
        consent=consent,
        suppression=suppression,
        episodes=tuple(episodes),
    )


def _episode(row: _Row) -> Episode:
    survey_id = to_uuid(row[2])
    if row[1] == "responded":
        contacts = Contacts(answered_at=to_time(row[6]))
        return Episode(
            survey_id=survey_id, touchpoint=row[3], contacts=contacts, responses=int(row[5])
        )
    contacts = Contacts(
        asked_at=to_time(row[6]), shown_at=to_time(row[7]), dismissed_at=to_time(row[8])
    )
    return Episode(
        survey_id=survey_id, touchpoint=row[3], contacts=contacts, open_since=to_time(row[9])
    )
