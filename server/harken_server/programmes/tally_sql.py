"""How far a wave has come: in SQL by hand, because it counts by cases and joins to the answers."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.database.database import Database
from harken_server.programmes.store import StoredProgramme
from harken_server.responses.codes import COMPLETE

_MEMBERS = """
SELECT count(*), COALESCE(sum(CASE WHEN last_wave >= $3 THEN 1 ELSE 0 END), 0),
  COALESCE(sum(CASE WHEN last_wave < $3 AND slot <= $4 THEN 1 ELSE 0 END), 0)
FROM programme_member WHERE programme_id = $1 AND workspace_id = $2
"""
_ASKED = f"""
SELECT count(*), COALESCE(sum(CASE
  WHEN r.{COMPLETE} OR (r.id IS NULL AND i.response_id IS NOT NULL) THEN 1 ELSE 0 END), 0)
FROM invitation i
LEFT JOIN survey s ON s.id = i.survey_id AND s.workspace_id = i.workspace_id
LEFT JOIN response r ON r.survey_number = s.number AND r.id = i.response_id
WHERE i.workspace_id = $1 AND i.wave = $2
"""  # noqa: S608  # our own words


class Tally(NamedTuple):
    """How far a wave has come."""

    members: int
    decided: int
    """Members who were decided on in the wave, or joined after their turn in it."""
    due: int
    """Members whose turn has come and who were not decided on yet."""
    asked: int
    answered: int
    """Invitations of the wave with a complete response."""


async def tally_wave(
    db: Database, stored: StoredProgramme, wave: int, reached: int, label: str
) -> Tally:
    """Count a wave; `reached` is the last slot that is due, `label` names its invitations."""
    home = stored.workspace_id
    members = await db.fetch(_MEMBERS, stored.id, home, wave, reached)
    asked = await db.fetch(_ASKED, home, label)
    return Tally(*(int(number) for number in (*members[0], *asked[0])))
