"""A workspace declares by what its responses are counted, and is told what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api, problem_codes
from hypothesis import given
from hypothesis import strategies as st

from harken_server.workspaces.rules.dimensions import MAX_MEMBER_CHARS, find_members, member_of
from harken_server.workspaces.workspace import Dimension

STORE = {"name": "store", "source": "context", "key": "store"}
PLAN = {"name": "plan", "source": "trait", "key": "plan"}


async def put(api: Api, *dimensions: dict[str, Any]) -> Any:
    return await api.http.put("/v1/dimensions", json={"dimensions": dimensions})


async def test_a_workspace_that_declared_nothing_has_no_dimensions(api: Api) -> None:
    reply = await api.http.get("/v1/dimensions")

    assert (reply.status_code, reply.json()) == (200, {"dimensions": []})


async def test_what_is_declared_is_listed_in_its_order(api: Api) -> None:
    put_reply = await put(api, PLAN, {"name": "store"})
    listed = await api.http.get("/v1/dimensions")

    assert put_reply.status_code == 200, put_reply.text
    assert put_reply.json() == listed.json()
    assert listed.json()["dimensions"] == [
        {**PLAN, "state": "filling"}, {**STORE, "state": "filling"},
    ]  # fmt: skip
    assert listed.json()["filling"]["done"] == 0
    assert listed.json()["filling"]["all"] is None


async def test_declaring_the_same_again_begins_no_new_work(api: Api) -> None:
    first = (await put(api, STORE)).json()
    api.clock.move(minutes=1)

    again = (await put(api, STORE)).json()

    assert again == first
    items = await api.runtime.db.fetch("SELECT count(*) FROM outbox")
    assert items == [(1,)]


async def test_another_order_is_kept_and_begins_no_new_work(api: Api) -> None:
    first = (await put(api, STORE, PLAN)).json()
    api.clock.move(minutes=1)

    again = (await put(api, PLAN, STORE)).json()

    assert [each["name"] for each in again["dimensions"]] == ["plan", "store"]
    assert again["filling"] == first["filling"]


async def test_what_is_taken_away_is_said_to_be_going(api: Api) -> None:
    await put(api, STORE, PLAN)

    left = (await put(api, PLAN)).json()

    assert [each["name"] for each in left["dimensions"]] == ["plan"]
    assert left["filling"]["removing"] == ["store"]


@pytest.mark.parametrize(
    ("dimensions", "path", "code", "limit"),
    [
        ([{"name": f"d{n}"} for n in range(9)], "$.dimensions", "too_many", 8),
        ([{"name": "Store"}], "$.dimensions[0].name", "bad_name", 32),
        ([{"name": "a" * 33}], "$.dimensions[0].name", "bad_name", 32),
        ([{"name": "store\n"}], "$.dimensions[0].name", "bad_name", 32),
        ([{"name": "", "key": "x"}], "$.dimensions[0].name", "bad_name", 32),
        ([{"name": "wave"}], "$.dimensions[0].name", "name_taken", None),
        ([{"name": "touchpoint"}], "$.dimensions[0].name", "name_taken", None),
        ([{"name": "channel"}], "$.dimensions[0].name", "name_taken", None),
        ([{"name": "day"}], "$.dimensions[0].name", "name_taken", None),
        ([{"name": "version"}], "$.dimensions[0].name", "name_taken", None),
        ([{"name": "a"}, {"name": "a", "key": "b"}], "$.dimensions[1].name", "duplicate", None),
        ([{"name": "a", "key": ""}], "$.dimensions[0].key", "length", 64),
        ([{"name": "a", "key": "k" * 65}], "$.dimensions[0].key", "length", 64),
    ],
)
async def test_a_bad_declaration_is_refused_with_the_field_and_the_limit(
    api: Api, dimensions: list[dict[str, Any]], path: str, code: str, limit: int | None
) -> None:
    reply = await put(api, *dimensions)

    assert reply.status_code == 422, reply.text
    [problem] = reply.json()["problems"]
    assert (problem["path"], problem["code"], problem.get("limit")) == (path, code, limit)
    assert path.removeprefix("$.") in problem["message"]
    assert (await api.http.get("/v1/dimensions")).json() == {"dimensions": []}


async def test_every_problem_is_told_at_once(api: Api) -> None:
    reply = await put(api, {"name": "Store", "key": ""}, {"name": "day"})

    assert problem_codes(reply) == ["bad_name", "length", "name_taken"]


async def test_another_source_than_the_two_is_refused(api: Api) -> None:
    reply = await put(api, {"name": "store", "source": "answers"})

    assert reply.status_code == 422
    assert reply.json()["problems"][0]["path"] == "$.dimensions[0].source"


async def test_declaring_needs_a_key_that_manages(api: Api) -> None:
    key = await api.key("read", "write")
    http, headers = api.http, {"authorization": f"Bearer {key}"}

    refused = await http.put("/v1/dimensions", json={"dimensions": []}, headers=headers)
    listed = await http.get("/v1/dimensions", headers=headers)

    assert (refused.status_code, listed.status_code) == (403, 200)


async def test_a_workspace_sees_only_what_it_declared_itself(api: Api, other_workspace) -> None:
    await put(api, STORE)
    headers = {"authorization": f"Bearer {await other_workspace()}"}

    theirs = await api.http.get("/v1/dimensions", headers=headers)

    assert theirs.json() == {"dimensions": []}


@given(st.text(min_size=MAX_MEMBER_CHARS - 2, max_size=MAX_MEMBER_CHARS * 2))
def test_a_member_always_fits_its_column(text: str) -> None:
    assert 1 <= len(member_of(text)) <= MAX_MEMBER_CHARS
    assert "\0" not in member_of(text)


def test_long_texts_that_begin_alike_are_two_members() -> None:
    one, other = member_of("a" * 64 + "b"), member_of("a" * 64 + "c")

    assert one != other
    assert one[:55] == other[:55] == "a" * 55


def test_the_longest_text_that_fits_is_left_as_it_is() -> None:
    assert member_of("a" * 64) == "a" * 64


def test_nothing_is_no_member() -> None:
    dimension = Dimension("store", "context", "store")

    assert find_members([dimension], {"store": None}, {}) == {}
    assert find_members([dimension], {"store": ""}, {}) == {}
    assert find_members([dimension], {}, {"store": "Oslo"}) == {}
    assert find_members([dimension], {"store": False}, {}) == {"store": "false"}
