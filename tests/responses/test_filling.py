"""A dimension declared later fills itself from stored responses, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from dimension_steps import (
    counted_dimensions,
    declare,
    differences,
    fill,
    members,
    ratings,
    survey_id_of,
    work,
)

from harken_server.responses.store import members as store
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.store.dimensions import get_declaration

STORE = {"name": "store"}
TOWN = {"name": "town"}
OSLO = {"store": "Oslo", "town": "Oslo S"}


async def shown(api: Api) -> dict[str, Any]:
    return (await api.http.get("/v1/dimensions")).json()


async def collect(api: Api, count: int, **context: str) -> list[str]:
    ids = [str(uuid4()) for _ in range(count)]
    for number, response in enumerate(ids):
        reply = await api.submit({"recommend": number % 11}, id=response, context=context)
        assert reply.status_code == 201, reply.text
    return ids


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BATCH", 3)


async def test_responses_stored_before_are_counted_by_member(live: Api) -> None:
    await collect(live, 3, **OSLO)
    await collect(live, 2, store="Bergen")

    await declare(live, STORE)
    await fill(live)

    assert await members(live, "store") == {"Oslo": 3, "Bergen": 2}
    assert await ratings(live, "store", "Bergen") == {"0": 1, "1": 1}
    assert await differences(live) == []


async def test_progress_is_told_until_it_is_done(live: Api, small_batches: None) -> None:
    await collect(live, 5, **OSLO)
    await declare(live, STORE)
    before = await shown(live)

    await work(live)
    during = await shown(live)
    live.clock.move(seconds=11)
    await work(live)
    after = await shown(live)

    assert before["dimensions"][0]["state"] == during["dimensions"][0]["state"] == "filling"
    assert (before["filling"]["done"], before["filling"]["all"]) == (0, None)
    assert (during["filling"]["done"], during["filling"]["all"]) == (5, 5)
    assert after == {
        "dimensions": [{"name": "store", "source": "context", "key": "store", "state": "ready"}]
    }


async def test_a_dimension_that_is_ready_stays_so_while_another_fills(live: Api) -> None:
    await collect(live, 2, **OSLO)
    await declare(live, STORE)
    await fill(live)

    await declare(live, STORE, TOWN)

    states = {each["name"]: each["state"] for each in (await shown(live))["dimensions"]}
    assert states == {"store": "ready", "town": "filling"}
    await fill(live)
    assert await members(live, "store") == {"Oslo": 2}
    assert await members(live, "town") == {"Oslo S": 2}


async def test_a_dimension_from_another_key_is_counted_anew(live: Api) -> None:
    await declare(live, STORE)
    await collect(live, 2, **OSLO)

    await declare(live, {"name": "store", "key": "town"})
    await fill(live)

    assert await members(live, "store") == {"Oslo S": 2}
    assert await differences(live) == []


async def test_taking_a_dimension_away_deletes_its_counts(live: Api) -> None:
    await declare(live, STORE, TOWN)
    await collect(live, 4, **OSLO)
    await fill(live)

    await declare(live, TOWN)
    await fill(live)

    assert await counted_dimensions(live) == {"town"}
    rows = await live.runtime.db.fetch("SELECT DISTINCT dimensions FROM response")
    assert rows == [('{"town":"Oslo S"}',)]
    assert await members(live, "town") == {"Oslo S": 4}
    assert await differences(live) == []


async def test_a_response_of_one_who_had_not_heard_is_filled_at_the_end(live: Api) -> None:
    """Another process may store by the old declaration for a moment."""
    await declare(live, STORE)
    await work(live)
    await live.runtime.db.execute("UPDATE workspace SET dimensions = '[]'")
    live.runtime.of(WorkspaceCatalog).forget()
    await collect(live, 1, **OSLO)
    assert await members(live, "store") == {}
    await live.runtime.db.execute(
        "UPDATE workspace SET dimensions = $1",
        '[{"name":"store","source":"context","key":"store"}]',
    )

    live.clock.move(seconds=11)
    await work(live)

    assert await members(live, "store") == {"Oslo": 1}
    assert (await shown(live))["dimensions"][0]["state"] == "ready"


async def test_work_that_broke_off_goes_on_from_where_it_was(
    live: Api, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collect(live, 8, **OSLO)
    await declare(live, STORE)
    real, turns = store.read_feed, 0

    async def break_off(*given: Any) -> Any:
        nonlocal turns
        turns += 1
        if turns == 3:
            raise RuntimeError("the power is gone")
        return await real(*given)

    monkeypatch.setattr(store, "read_feed", break_off)
    await work(live)
    broken_off = await shown(live)
    counted = await members(live, "store")
    live.clock.move(minutes=1)
    await work(live)

    assert broken_off["filling"]["done"] == 6
    assert counted == {"Oslo": 6}
    assert turns == 3 + 2, "the third batch, and the end"
    assert await members(live, "store") == {"Oslo": 8}
    assert await differences(live) == []


async def test_a_batch_that_breaks_off_leaves_nothing_behind(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collect(live, 3, **OSLO)
    await declare(live, STORE)

    async def fail(*_: Any) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_change", fail)
        await work(live)
    broken_off = await shown(live)

    assert (broken_off["filling"]["done"], broken_off["filling"]["all"]) == (0, 3)
    assert await counted_dimensions(live) == set()
    assert await differences(live) == []


async def test_filling_twice_changes_nothing_the_second_time(live: Api) -> None:
    await collect(live, 5, **OSLO)
    await declare(live, STORE)
    db, survey_id = live.runtime.db, await survey_id_of(live)
    task = (await get_declaration(db, live.runtime.home)).task
    assert task is not None
    counts = "SELECT dimension, member, question, counts FROM answer_count ORDER BY 1, 2, 3"

    await store.fill_next(db, live.runtime.home, survey_id, task)
    once = await db.fetch(counts)
    await db.execute("UPDATE dimensions SET reached = '{}'")
    await store.fill_next(db, live.runtime.home, survey_id, task)

    assert await db.fetch(counts) == once
    assert await members(live, "store") == {"Oslo": 5}


async def test_a_task_that_a_later_declaration_replaced_does_nothing(live: Api) -> None:
    await collect(live, 2, **OSLO)
    await declare(live, STORE)
    db = live.runtime.db
    task = (await get_declaration(db, live.runtime.home)).task
    assert task is not None

    await declare(live, TOWN)

    assert not await store.fill_next(db, live.runtime.home, await survey_id_of(live), task)
    await fill(live)
    assert await counted_dimensions(live) == {"town"}
    assert await members(live, "town") == {"Oslo S": 2}


async def test_readers_of_the_feed_see_nothing_of_it(live: Api) -> None:
    await collect(live, 3, **OSLO)
    page = (await live.http.get("/v1/surveys/post_purchase/responses")).json()

    await declare(live, STORE)
    await fill(live)

    path = f"/v1/surveys/post_purchase/responses?after={page['cursor']}"
    assert (await live.http.get(path)).json()["responses"] == []


async def test_submits_and_changes_meanwhile_are_counted_once(
    live: Api, small_batches: None
) -> None:
    ids = await collect(live, 30, **OSLO)
    begun = [str(uuid4()) for _ in range(10)]
    for response in begun:
        await live.submit({"recommend": 1}, id=response, complete=False, context=OSLO)
    path = "/v1/surveys/post_purchase/responses"

    await declare(live, STORE)
    await asyncio.gather(
        work(live),
        *(live.http.delete(f"{path}/{response}") for response in ids[:5]),
        *(
            live.http.patch(f"{path}/{response}", json={"standing": "excluded"})
            for response in ids[5:10]
        ),
        *(
            live.submit({"recommend": 2}, id=response, sequence=2, context={"store": "Bergen"})
            for response in begun
        ),
        *(live.submit({"recommend": 3}, context=OSLO) for _ in range(20)),
    )
    await fill(live)

    assert await differences(live) == []
    assert await members(live, "store") == {"Oslo": 40, "Bergen": 10}
    assert await ratings(live, "store", "Bergen") == {"2": 10}


async def test_another_workspace_keeps_its_counts(live: Api, other_workspace: Any) -> None:
    headers = {"authorization": f"Bearer {await other_workspace()}"}
    survey = (await live.http.get("/v1/surveys/post_purchase")).json()["definition"]
    assert (await live.http.post("/v1/surveys", json=survey, headers=headers)).status_code == 201
    body = {"id": str(uuid4()), "survey": "other.post_purchase", "answers": {"recommend": 9}}
    sent = await live.http.post(
        "/v1/public/responses", json={**body, "context": OSLO}, headers=headers
    )
    assert sent.status_code == 201, sent.text

    await declare(live, STORE)
    await collect(live, 1, **OSLO)
    await fill(live)

    rows = await live.runtime.db.fetch(
        "SELECT DISTINCT r.dimensions FROM response r JOIN survey s ON s.number = r.survey_number"
        " WHERE s.workspace_id <> $1",
        live.runtime.home,
    )
    assert rows == [("",)]
    assert await members(live, "store") == {"Oslo": 1}
