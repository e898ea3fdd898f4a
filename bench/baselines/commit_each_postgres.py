"""The usual server on PostgreSQL: a pool, and one statement a request that commits by itself.

One statement stores the same typed rows as Harken does, but no counts: the best case of this way.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from bench.baselines.bare import decode, receipt_of, reply

SCHEMA = """
CREATE TABLE IF NOT EXISTS each_response (number bigserial PRIMARY KEY, id uuid UNIQUE, survey text,
  channel text, locale text, submitted_at timestamptz, state text);
CREATE TABLE IF NOT EXISTS each_answer (response_number bigint, question text, rating int,
  text text, PRIMARY KEY (response_number, question));
"""
STORE = """WITH stored AS (
  INSERT INTO each_response (id, survey, channel, locale, submitted_at, state)
  VALUES ($1, $2, $3, $4, $5, 'complete') ON CONFLICT DO NOTHING RETURNING number)
INSERT INTO each_answer SELECT number, q, r, t FROM stored,
  unnest($6::text[], $7::int[], $8::text[]) AS a (q, r, t)"""
POOL_SIZE = 10


def make_app(_folder: Path, url: str) -> Any:
    """The ASGI application."""
    pools: list[asyncpg.Pool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        if not pools:
            pools.append(await asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE))
            await pools[0].execute(SCHEMA)
        body = b"{}"
        if scope["method"] == "POST":
            submission = decode((await receive())["body"])
            answers = submission.answers
            await pools[0].execute(
                STORE, submission.id, submission.survey, submission.channel, submission.locale,
                datetime.now(UTC), list(answers),
                [value if isinstance(value, int) else None for value in answers.values()],
                [value if isinstance(value, str) else None for value in answers.values()],
            )  # fmt: skip
            body = receipt_of(submission)
        await reply(send, body)

    return app
