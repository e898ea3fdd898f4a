"""Steps that tests of dimensions share: declaring, working on the outbox, counting by member."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api_client import Api

from harken_server.insights.store.counts import list_members, read_counts
from harken_server.responses.dimensions import SETTLE_S
from harken_server.responses.response import CountFilter
from harken_server.responses.store.counted import COUNT_TABLES
from harken_server.responses.store.recount import CountDifference, recount
from harken_server.routes import CHANNELS
from harken_server.surveys.store.surveys import get_survey
from harken_server.worker import Worker, jobs_of

EVERY = CountFilter()


async def declare(api: Api, *dimensions: dict[str, Any]) -> None:
    reply = await api.http.put("/v1/dimensions", json={"dimensions": dimensions})
    assert reply.status_code == 200, reply.text


async def work(api: Api) -> None:
    """One turn of the worker."""
    await Worker(api.runtime, jobs_of(CHANNELS), ()).run_once()


async def fill(api: Api) -> None:
    """Let the worker do all of it: now, and once more when everybody has heard of it."""
    await work(api)
    api.clock.move(seconds=SETTLE_S + 1)
    await work(api)


async def survey_id_of(api: Api, key: str = "post_purchase") -> UUID:
    survey = await get_survey(api.runtime.db, api.runtime.home, key)
    assert survey is not None
    return survey.id


async def members(api: Api, dimension: str, **selected: Any) -> dict[str, int]:
    """How many answered `recommend`, by member."""
    found = await list_members(
        api.runtime.db, api.runtime.home, await survey_id_of(api), CountFilter(**selected),
        dimension=dimension, question="recommend",
    )  # fmt: skip
    return {each.member: each.n for each in found}


async def ratings(api: Api, dimension: str, member: str, **selected: Any) -> dict[str, int]:
    """How often each rating was given by a member."""
    rows = await read_counts(
        api.runtime.db, api.runtime.home, await survey_id_of(api),
        CountFilter(**selected, member=(dimension, member) if dimension else None),
        questions=["recommend"], per_day=False,
    )  # fmt: skip
    return {row.value: row.n for row in rows}


async def differences(api: Api) -> list[CountDifference]:
    return await recount(api.runtime.db, api.runtime.home, await survey_id_of(api))


async def counted_dimensions(api: Api) -> set[str]:
    """Names that any row of the counts has, whatever it adds up to."""
    found: set[str] = set()
    for table in COUNT_TABLES:
        rows = await api.runtime.db.fetch(f"SELECT DISTINCT dimension FROM {table.name}")
        found |= {row[0] for row in rows}
    return found - {""}
