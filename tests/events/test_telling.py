"""Events are stored once each, what is refused says why, and a person's history is one list."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from api_client import Api

AT = "2026-03-01T09:00:00Z"


def event(**fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "respondent": "kim", "name": "order", "at": AT, **fields}


async def told(live: Api, *events: dict[str, Any]) -> dict[str, Any]:
    reply = await live.http.post("/v1/events", json={"events": list(events)})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_each_event_is_stored_once(live: Api) -> None:
    one, two = event(value=12.5, properties={"size": "L"}), event(respondent=42)

    first = await told(live, one, two, one)
    again = await told(live, one, two, event(name="referral"))

    assert first == {"stored": 2, "repeated": 1, "refused": []}
    assert again == {"stored": 1, "repeated": 2, "refused": []}
    names = (await live.http.get("/v1/events")).json()["names"]
    assert [(each["name"], each["n"]) for each in names] == [("order", 2), ("referral", 1)]


async def test_the_same_id_with_something_else_changes_nothing(live: Api) -> None:
    one = event(value=1)
    await told(live, one)

    reply = await told(live, event(), {**one, "value": 2}, event(id=one["id"], name="other"))

    assert reply["stored"] == 1
    assert [(each["index"], each["code"]) for each in reply["refused"]] == [
        (1, "event_conflict"),
        (2, "event_conflict"),
    ]
    moments = (await live.http.get("/v1/respondents/kim/timeline")).json()["moments"]
    assert sorted(each.get("value", 0) for each in moments) == [0, 1]


@pytest.mark.parametrize(
    ("fields", "code", "says"),
    [
        ({"at": "2999-01-01T00:00:00Z"}, "out_of_range", "$.at lies ahead"),
        ({"at": "1969-12-31T00:00:00Z"}, "out_of_range", "$.at must not lie before 1970"),
        ({"properties": {"n": 2**63}}, "out_of_range", "$.properties.n must lie within 64 bits"),
    ],
)
async def test_one_that_is_not_acceptable_leaves_the_others_alone(
    live: Api, fields: dict[str, Any], code: str, says: str
) -> None:
    reply = await told(live, event(), event(**fields), event())

    assert reply["stored"] == 2
    refused = reply["refused"][0]
    assert (refused["index"], refused["code"]) == (1, code)
    assert refused["message"].startswith(says)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "Not A Name"}, "$.events[1].name"),
        ({"at": "2026-03-01T09:00:00"}, "$.events[1].at"),
        ({"respondent": " "}, "$.events[1]"),
        ({"id": "7"}, "$.events[1].id"),
        ({"properties": {"x": "y" * 201}}, "$.events[1].properties"),
        ({"price": 2}, "$.events[1]"),
    ],
)
async def test_a_shape_that_no_event_has_is_named_and_nothing_is_stored(
    live: Api, fields: dict[str, Any], field: str
) -> None:
    reply = await live.http.post("/v1/events", json={"events": [event(), event(**fields)]})

    assert reply.status_code == 422
    assert field in reply.text
    assert (await live.http.get("/v1/events")).json() == {"names": []}


async def test_nothing_is_kept_of_somebody_who_was_erased(live: Api) -> None:
    await told(live, event())
    await live.http.delete("/v1/respondents/kim")

    reply = await told(live, event(), event(respondent="ada"))

    assert reply["stored"] == 1
    assert [each["code"] for each in reply["refused"]] == ["respondent_erased"]
    assert (await live.http.get("/v1/respondents/kim/timeline")).json()["moments"] == []


async def test_a_timeline_holds_what_was_asked_answered_and_done(live: Api) -> None:
    await live.http.put("/v1/touchpoints/order.delivered", json={"survey": "post_purchase"})
    asked = (await live.trigger(respondent="kim")).json()
    await live.submit({"recommend": 9}, token=asked["invitation"]["code"], survey=None)
    await told(live, event(name="account.closed"))

    reply = (await live.http.get("/v1/respondents/kim/timeline")).json()
    newest = await live.http.get("/v1/respondents/kim/timeline", params={"limit": 1})

    assert {(each["kind"], each["name"]) for each in reply["moments"]} >= {
        ("decision", "asked"),
        ("response", "complete"),
        ("event", "account.closed"),
    }
    assert newest.json()["moments"] == reply["moments"][:1]
    times = [each["at"] for each in reply["moments"]]
    assert times == sorted(times, reverse=True)
