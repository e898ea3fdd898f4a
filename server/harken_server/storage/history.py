"""Everything about one person that a decision looks at, in one query."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from harken_server.core.contacts import Contacts, Episode
from harken_server.storage.database import Database, Transaction
from harken_server.storage.rows import StoredId, StoredTime
from harken_server.storage.suppressions import suppression_digest
from harken_server.storage.values import to_bool, to_time, to_uuid

Values: TypeAlias = dict[str, str | int | float | bool | None]

_Row: TypeAlias = tuple[
    str,
    StoredId,
    str,
    str,
    int,
    StoredTime | None,
    StoredTime | None,
    StoredTime | None,
    StoredTime | None,
]

_Rating: TypeAlias = tuple[int, StoredId, int, str, int]

_PERSON = """
SELECT 'person' AS kind, CAST(NULL AS {uuid}) AS survey, p.email AS place, p.traits AS words,
  CASE WHEN p.consent IS NULL THEN -1 WHEN p.consent THEN 1 ELSE 0 END AS n,
  CAST(NULL AS {time}) AS a, CAST(NULL AS {time}) AS b, CAST(NULL AS {time}) AS c,
  CAST(NULL AS {time}) AS d
FROM respondent p WHERE p.workspace_id = $1 AND p.respondent = $2
UNION ALL
SELECT 'suppression', NULL, s.respondent, s.reason, 0, NULL, NULL, NULL, NULL
FROM suppression s WHERE s.workspace_id = $1 AND s.respondent IN (
  $2, $3, $4,
  (SELECT q.email FROM respondent q WHERE q.workspace_id = $1 AND q.respondent = $2)
)
UNION ALL
SELECT 'suppression', NULL, '', d.reason, 0, NULL, NULL, NULL, NULL
FROM suppression_digest d WHERE d.workspace_id = $1 AND d.digest IN ($7, $8)
UNION ALL
SELECT 'suppression', NULL, '', 'this survey', 0, NULL, NULL, NULL, NULL
FROM survey_suppression v
WHERE v.workspace_id = $1 AND v.respondent = $2 AND v.survey_id = $9
"""
_HISTORY = (
    _PERSON
    + """
UNION ALL
SELECT 'invited', i.survey_id, i.touchpoint, '', count(*), max(i.created_at), max(i.shown_at),
  max(i.dismissed_at), max(CASE
    WHEN i.dismissed_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > $5)
      AND (r.id IS NULL OR r.state = 'partial') THEN i.created_at END)
FROM invitation i LEFT JOIN response r ON r.survey_id = i.survey_id AND r.id = i.response_id
WHERE i.workspace_id = $1 AND i.respondent = $2
GROUP BY i.survey_id, i.touchpoint
UNION ALL
SELECT 'responded', r.survey_id, r.touchpoint, '',
  sum(CASE WHEN r.submitted_at >= $6 THEN 1 ELSE 0 END), max(r.completed_at), NULL, NULL, NULL
FROM response r
WHERE r.workspace_id = $1 AND r.respondent = $2 AND r.state <> 'erased'
  AND r.standing NOT IN ('quarantined', 'excluded')
GROUP BY r.survey_id, r.touchpoint
"""
)
_SQLITE = _HISTORY.format(uuid="TEXT", time="TEXT")
_POSTGRES = _HISTORY.format(uuid="uuid", time="timestamptz")


_NO_SURVEY = UUID(int=0)


class Person(msgspec.Struct, kw_only=True, frozen=True):
    """What is stored about one respondent; nothing of somebody new."""

    traits: Values = {}
    email: str | None = None
    consent: bool | None = None
    suppression: str | None = None
    """Why they must not be asked; None when they may."""
    episodes: tuple[Episode, ...] = ()


async def read_person(
    db: Database | Transaction,
    workspace_id: UUID,
    respondent: str,
    *,
    email: str | None,
    survey_id: UUID | None,
    now: datetime,
    poor_since: datetime,
    is_postgres: bool,
) -> Person:
    """The person with all contacts; suppressed by name or by an e-mail address, given or stored,
    or for this one survey.

    `poor_since` is the start of the time in which responses are counted for escalation.
    """
    sql = _POSTGRES if is_postgres else _SQLITE
    small = email.lower() if email else None
    erased = suppression_digest(workspace_id, "respondent", respondent)
    rows = await db.fetch(
        sql,
        workspace_id,
        respondent,
        email,
        small,
        now,
        poor_since,
        erased,
        suppression_digest(workspace_id, "address", email) if email else erased,
        survey_id or _NO_SURVEY,
    )
    person = Person(episodes=tuple(_episode(row) for row in rows if row[0][-2:] == "ed"))
    for row in rows:
        if row[0] == "person":
            person = msgspec.structs.replace(
                person,
                email=row[2],
                traits=msgspec.json.decode(row[3], type=Values),
                consent=None if row[4] < 0 else to_bool(row[4]),
            )
        elif row[0] == "suppression":
            person = msgspec.structs.replace(person, suppression=row[3])
    return person


async def find_suppression(
    db: Database | Transaction, workspace_id: UUID, email: str
) -> str | None:
    """Why nobody at this e-mail address must be asked; None when they may."""
    rows = await db.fetch(
        "SELECT reason FROM suppression WHERE workspace_id = $1 AND respondent IN ($2, $3)",
        workspace_id,
        email,
        email.lower(),
    )
    return rows[0][0] if rows else None


class Rated(msgspec.Struct, frozen=True):
    """One rating that a respondent gave."""

    number: int
    """The response, by the order of arrival."""
    survey_id: UUID
    version: int
    question: str
    rating: int


async def list_ratings(
    db: Database | Transaction, workspace_id: UUID, respondent: str, since: datetime
) -> list[Rated]:
    """Ratings of responses since a time, the newest response first; at most 500."""
    rows: list[_Rating] = await db.fetch(
        "SELECT r.number, r.survey_id, r.version, a.question, a.rating FROM response r"
        " JOIN answer a ON a.response_number = r.number"
        " WHERE r.workspace_id = $1 AND r.respondent = $2 AND r.submitted_at >= $3"
        " AND r.state <> 'erased' AND r.standing NOT IN ('quarantined', 'excluded')"
        " AND a.rating IS NOT NULL AND a.part = '' AND NOT a.is_hidden"
        " ORDER BY r.number DESC, a.question LIMIT 500",
        workspace_id,
        respondent,
        since,
    )
    return [Rated(row[0], to_uuid(row[1]), row[2], row[3], row[4]) for row in rows]


async def read_definition(
    db: Database | Transaction, workspace_id: UUID, survey_id: UUID, number: int
) -> bytes | None:
    """The definition of one published version, as canonical JSON."""
    rows = await db.fetch(
        "SELECT definition FROM survey_version"
        " WHERE workspace_id = $1 AND survey_id = $2 AND number = $3",
        workspace_id,
        survey_id,
        number,
    )
    return rows[0][0].encode() if rows else None


def _episode(row: _Row) -> Episode:
    survey_id = to_uuid(row[1])
    if row[0] == "responded":
        contacts = Contacts(answered_at=to_time(row[5]))
        return Episode(
            survey_id=survey_id, touchpoint=row[2], contacts=contacts, responses=int(row[4])
        )
    contacts = Contacts(
        asked_at=to_time(row[5]), shown_at=to_time(row[6]), dismissed_at=to_time(row[7])
    )
    return Episode(
        survey_id=survey_id, touchpoint=row[2], contacts=contacts, open_since=to_time(row[8])
    )
