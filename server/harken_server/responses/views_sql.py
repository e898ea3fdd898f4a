"""Tables for people and BI tools: views with ids and times that can be read, alike on both."""

from __future__ import annotations

from harken_server.database.ddl import View
from harken_server.responses.codes import (
    ALONE,
    COMPLETE,
    NOT_ERASED,
    PROOFS,
    PROVED,
    STANDINGS,
    STATES,
    words_of,
)


def _sqlite_id(column: str) -> str:
    digits = f"lower(hex({column}))"
    groups = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
    return " || '-' || ".join(f"substr({digits}, {at}, {count})" for at, count in groups)


def _sqlite_time(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000.0, 'unixepoch')"


_SQLITE_CLAIMED = """CASE r.claimed WHEN '' THEN '[]' WHEN '*' THEN (SELECT json_group_array(c.key)
    FROM (SELECT key FROM json_each(r.context) ORDER BY key) c) ELSE r.claimed END"""
_POSTGRES_CLAIMED = """CASE r.claimed WHEN '' THEN CAST('[]' AS jsonb) WHEN '*' THEN (
    SELECT jsonb_agg(key ORDER BY key COLLATE "C")
    FROM jsonb_object_keys(CAST(r.context AS jsonb)) AS each_name (key))
    ELSE CAST(r.claimed AS jsonb) END"""


def _flat(*, is_sqlite: bool) -> str:
    id_, time = (_sqlite_id, _sqlite_time) if is_sqlite else (str, str)
    # Day 1 of the calendar is 1 January of year 1: Julian day 1721425.5.
    day = "date(r.day + 1721424.5)" if is_sqlite else "date '0001-01-01' + (r.day - 1)"
    completed = time(f"CASE WHEN r.{COMPLETE} THEN r.updated_at END")
    state, standing = words_of("r.state", STATES), words_of("r.standing", STANDINGS)
    proof, origin = words_of("r.proof", PROOFS), words_of("r.origin_proof", PROOFS)
    context = "r.context" if is_sqlite else "CAST(r.context AS jsonb)"
    claimed = _SQLITE_CLAIMED if is_sqlite else _POSTGRES_CLAIMED
    return f"""SELECT w.slug AS workspace, s.key AS survey, {id_("r.id")} AS response_id,
  r.version, {state} AS state, {standing} AS standing, {time("r.submitted_at")} AS submitted_at,
  {time("coalesce(r.answered_at, r.submitted_at)")} AS answered_at,
  {time("r.updated_at")} AS updated_at,
  {time("r.started_at")} AS started_at, {completed} AS completed_at, {day} AS day,
  r.touchpoint, r.channel, r.locale, r.respondent, r.{PROVED} AS respondent_verified,
  {proof} AS respondent_proof, {origin} AS origin_proof,
  r.is_sample, r.probability, r.flags, {context} AS context,
  {claimed} AS claimed_context, r.answers
FROM response r JOIN survey s ON s.number = r.survey_number
  JOIN workspace w ON w.id = s.workspace_id
WHERE r.{NOT_ERASED} AND r.{ALONE}"""  # noqa: S608  # our own words


_SQLITE_ANSWERS = """SELECT f.workspace, f.survey, f.response_id, f.submitted_at, f.answered_at,
  f.standing, f.touchpoint, f.channel, substr(t.key, 1, instr(t.key || '.', '.') - 1) AS question,
  substr(t.key, instr(t.key || '.', '.') + 1) AS part,
  max(CASE WHEN t.path = '$.r' THEN t.atom END) AS rating,
  max(CASE WHEN t.path = '$.n' THEN t.atom END) AS number,
  max(CASE WHEN t.path = '$.c' THEN t.atom END) AS choice,
  max(CASE WHEN t.path = '$.t' THEN t.atom END) AS text,
  EXISTS (SELECT 1 FROM json_each(f.answers, '$.h') h
    WHERE h.value = substr(t.key, 1, instr(t.key || '.', '.') - 1)) AS is_hidden
FROM responses_flat f JOIN json_tree(f.answers) t
WHERE t.path IN ('$.r', '$.n', '$.c', '$.t') AND t.atom IS NOT NULL
GROUP BY f.response_id, f.survey, f.workspace, t.key"""
_POSTGRES_ANSWERS = """SELECT f.workspace, f.survey, f.response_id, f.submitted_at, f.answered_at,
  f.standing, f.touchpoint, f.channel, split_part(a.name, '.', 1) AS question,
  split_part(a.name, '.', 2) AS part,
  CAST(a.r AS integer) AS rating, CAST(a.n AS double precision) AS number, a.c AS choice,
  a.t AS text,
  coalesce(f.answers -> 'h' ? split_part(a.name, '.', 1), false) AS is_hidden
FROM responses_flat f CROSS JOIN LATERAL (
  SELECT e.key AS name, max(e.value) FILTER (WHERE s.key = 'r') AS r,
    max(e.value) FILTER (WHERE s.key = 'n') AS n, max(e.value) FILTER (WHERE s.key = 'c') AS c,
    max(e.value) FILTER (WHERE s.key = 't') AS t
  FROM jsonb_each(f.answers) s CROSS JOIN LATERAL
    jsonb_each_text(CASE WHEN s.key = 'h' THEN '{}' ELSE s.value END) e GROUP BY e.key
) a"""
_COMMENTS = """SELECT workspace, survey, response_id, submitted_at, answered_at, standing,
  touchpoint, channel, question, text FROM answers WHERE text IS NOT NULL AND NOT is_hidden"""

VIEWS = (
    View("responses_flat", _flat(is_sqlite=True), _flat(is_sqlite=False)),
    View("answers", _SQLITE_ANSWERS, _POSTGRES_ANSWERS),
    View("comments", _COMMENTS, _COMMENTS),
)
