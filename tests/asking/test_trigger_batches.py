"""Many triggers in one request: each stands for itself, in order, and a bad one sinks nobody."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api, problem_codes

from harken_server.asking.api.triggers import MOST_PARTS
from harken_server.asking.batches import MAX_TRIGGERS


def of(respondent: str | None, **fields: Any) -> dict[str, Any]:
    return {"touchpoint": "order.delivered", "respondent": respondent, **fields}


async def send(api: Api, body: Any) -> list[dict[str, Any]]:
    reply = await api.http.post("/v1/triggers", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()["results"]


@pytest.mark.parametrize("form", ["object", "list"])
async def test_a_bad_item_gets_its_problem_and_the_others_their_decisions(
    live: Api, form: str
) -> None:
    items = [of("c-1"), of("c-2", chanel="typo"), 5, {"touchpoint": "Not One"}, of("c-3")]

    results = await send(live, {"triggers": items} if form == "object" else items)

    assert [result["status"] for result in results] == [201, 422, 422, 422, 201]
    assert [results[place]["decision"]["respondent"] for place in (0, 4)] == ["c-1", "c-3"]
    assert results[1]["problem"]["code"] == "wrong_shape"
    assert "chanel" in results[1]["problem"]["detail"]
    assert all(("decision" in result) != ("problem" in result) for result in results)


async def test_items_about_one_person_keep_their_order(live: Api) -> None:
    results = await send(live, [of(f"c-{n % 5}", context={"n": n}) for n in range(50)])

    asked = [place for place, result in enumerate(results) if result["decision"]["asked"]]
    assert asked == [0, 1, 2, 3, 4]
    assert [result["decision"]["respondent"] for result in results] == [
        f"c-{n % 5}" for n in range(50)
    ]


async def test_each_item_has_an_idempotency_key_of_its_own(live: Api) -> None:
    items = [of("c-1", idempotency_key="a"), of("c-2", idempotency_key="b")]
    first = await send(live, items)

    again = await send(live, [*items, of("c-9", idempotency_key="a")])
    single = await live.trigger("b", respondent="c-2")

    assert [result["status"] for result in again] == [200, 200, 409]
    assert [result["decision"] for result in again[:2]] == [result["decision"] for result in first]
    assert again[2]["problem"]["code"] == "idempotency_key_reused"
    assert single.status_code == 200
    assert single.json() == first[1]["decision"]


async def test_five_hundred_are_taken_and_one_more_is_not(live: Api) -> None:
    results = await send(live, [of(f"c-{n}") for n in range(500)])
    assert sum(result["decision"]["asked"] for result in results) == 500

    for body in ([of("x")] * 501, {"triggers": [of("x")] * 501}):
        reply = await live.http.post("/v1/triggers", json=body)
        assert reply.status_code == 422
        assert problem_codes(reply) == ["too_many"]
        assert reply.json()["problems"][0]["limit"] == 500


async def test_a_batch_of_nothing_but_commas_is_refused_before_it_is_taken_apart(live: Api) -> None:
    texts = {"touchpoint": "order.delivered", "context": {"a": '\\",' * 120}}
    full = [texts | {"respondent": f"r{n}"} for n in range(MAX_TRIGGERS)]
    empties = b"[" + b",".join([b'""'] * (MOST_PARTS + 2)) + b"]"

    refused = await live.http.post("/v1/triggers", content=empties)
    taken = await live.http.post("/v1/triggers", json=full)

    assert problem_codes(refused) == ["too_many"]
    assert taken.status_code == 200, taken.text
    assert len(taken.json()["results"]) == MAX_TRIGGERS


async def test_a_full_batch_of_large_triggers_fits(live: Api) -> None:
    context = {f"k{n}": "x" * 150 for n in range(50)}

    results = await send(live, [of(f"c-{n}", context=context) for n in range(400)])

    assert {result["status"] for result in results} == {201}


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"[]", 422, "invalid_input"),
        (b'{"triggers": []}', 422, "invalid_input"),
        (b'{"triggers": 5}', 422, "wrong_shape"),
        (b'{"triggers": [], "touchpoint": "a"}', 422, "wrong_shape"),
        (b'[{"touchpoint": "a"}', 400, "malformed_json"),
        (b'{"triggers": [', 400, "malformed_json"),
        (b'[{"touchpoint": "a\\u0000"}]', 400, "nul_character"),
    ],
)
async def test_a_body_that_is_no_batch_is_refused_whole(
    live: Api, content: bytes, status: int, code: str
) -> None:
    reply = await live.http.post(
        "/v1/triggers", content=content, headers={"content-type": "application/json"}
    )

    assert (reply.status_code, reply.json()["code"]) == (status, code)


async def test_a_trigger_may_speak_of_triggers(live: Api) -> None:
    reply = await live.trigger(respondent="c-1", context={"triggers": 3})

    assert reply.status_code == 201, reply.text


async def test_a_batch_has_no_key_of_its_own(live: Api) -> None:
    reply = await live.http.post(
        "/v1/triggers", json=[of("c-1")], headers={"idempotency-key": "one"}
    )

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")


async def test_a_batch_needs_a_key_that_may_write(live: Api) -> None:
    reading = await live.key("read")

    reply = await live.http.post(
        "/v1/triggers", json=[of("c-1")], headers={"authorization": f"Bearer {reading}"}
    )

    assert reply.status_code == 403
