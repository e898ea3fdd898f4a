"""Programmes and pulses over the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from api_client import NOW, SURVEY, Api, problem_codes

from harken_server.worker import TICKS

PROGRAMME: dict[str, Any] = {
    "survey": "post_purchase",
    "touchpoint": "relationship.quarterly",
    "every": "quarter",
    "channel": "widget",
    "starts_on": "2026-12-01",
}


async def put(api: Api, key: str = "nps_list", **fields: Any) -> dict[str, Any]:
    reply = await api.http.put(f"/v1/programmes/{key}", json={**PROGRAMME, **fields})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def put_members(api: Api, count: int, key: str = "nps_list") -> dict[str, Any]:
    members = [{"respondent": f"c-{number}"} for number in range(count)]
    reply = await api.http.put(f"/v1/programmes/{key}/members", json={"members": members})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def tick(api: Api) -> None:
    """As the worker does each minute."""
    (run,) = (tick.run for tick in TICKS if tick.name == "programmes")
    await run(api.runtime)


async def read(api: Api, path: str = "programmes/nps_list") -> dict[str, Any]:
    reply = await api.http.get(f"/v1/{path}")
    assert reply.status_code == 200, reply.text
    return reply.json()


async def codes_of(api: Api) -> list[str]:
    rows = await api.runtime.db.fetch("SELECT code FROM invitation ORDER BY respondent")
    return [row[0] for row in rows]


async def test_a_programme_is_set_filled_run_and_followed(live: Api) -> None:
    made = await put(live, spread_days=2)
    assert (made["state"], made["progress"]["wave"]) == ("not_begun", 0)
    assert made["programme"]["timezone"] == "UTC"
    assert await put_members(live, 6) == {"added": 6, "known": 0, "removed": 0, "skipped": 0}
    live.clock.now = NOW + timedelta(days=13)

    await tick(live)
    for code in (await codes_of(live))[:2]:
        answered = await live.submit({"recommend": 9}, survey=None, token=code)
        assert answered.status_code == 201, answered.text

    followed = await read(live)
    assert followed["state"] == "running"
    progress = followed["progress"]
    figures = [progress[name] for name in ("wave", "members", "decided", "due", "asked")]
    assert figures == [1, 6, 6, 0, 6]
    assert progress["answered"] == 2
    assert progress["next_wave_at"] == "2027-03-01T00:00:00Z"
    assert progress["next_asking_at"] > "2027-03-01T00:00:00Z"
    listed = await read(live, "programmes")
    assert [item["key"] for item in listed["programmes"]] == ["nps_list"]


async def test_members_are_listed_page_by_page_and_let_go(live: Api) -> None:
    await put(live)
    await put_members(live, 5)

    first = await read(live, "programmes/nps_list/members?limit=3")
    second = await read(live, "programmes/nps_list/members?limit=3&after=c-2")
    gone = await live.http.put("/v1/programmes/nps_list/members", json={"remove": ["c-0", "c-9"]})

    assert [item["respondent"] for item in first["members"]] == ["c-0", "c-1", "c-2"]
    assert [item["respondent"] for item in second["members"]] == ["c-3", "c-4"]
    assert gone.json() == {"added": 0, "known": 0, "removed": 1, "skipped": 0}


async def test_a_thousand_members_with_their_traits_fit_one_request(live: Api) -> None:
    await put(live)
    members = [
        {
            "respondent": f"customer-{number:04}",
            "email": f"customer-{number}@shop.example.com",
            "locale": "de-AT",
            "timezone": "Europe/Vienna",
            "consent": True,
            "traits": {f"trait_{place}": "a value of some length" for place in range(8)},
        }
        for number in range(1001)
    ]
    many = await live.http.put("/v1/programmes/nps_list/members", json={"members": members})
    right = await live.http.put("/v1/programmes/nps_list/members", json={"members": members[:-1]})

    assert many.status_code == 422
    assert "1000" in many.json()["detail"]
    assert right.status_code == 200, right.text
    assert right.json()["added"] == 1000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"every": "day"}, "wrong_shape"),
        ({"starts_on": "soon"}, "wrong_shape"),
        ({"spread_days": 91}, "out_of_range"),
        ({"timezone": "Mars/Olympus"}, "timezone_unknown"),
        ({"survey": "nothing"}, "survey_unknown"),
        ({"channel": ""}, "wrong_shape"),
        ({"wave": 1}, "wrong_shape"),
    ],
)
async def test_a_bad_programme_is_refused_with_its_path(
    live: Api, change: dict[str, Any], code: str
) -> None:
    reply = await live.http.put("/v1/programmes/nps_list", json={**PROGRAMME, **change})

    assert reply.status_code == 422
    assert problem_codes(reply) == [code]
    assert reply.json()["problems"][0]["path"].startswith("$")


async def test_bad_keys_and_unknown_programmes_are_problems(live: Api) -> None:
    bad = await live.http.put("/v1/programmes/No%20Key", json=PROGRAMME)
    replies = [
        await live.http.get("/v1/programmes/none"),
        await live.http.get("/v1/programmes/none/members"),
        await live.http.put("/v1/programmes/none/members", json={}),
    ]

    assert (bad.status_code, bad.json()["code"]) == (400, "bad_parameter")
    assert {(r.status_code, r.json()["code"]) for r in replies} == {(404, "programme_unknown")}


async def test_a_programme_of_another_workspace_is_not_there(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await put(live)
    headers = {"authorization": f"Bearer {await other_workspace()}"}

    read_one = await live.http.get("/v1/programmes/nps_list", headers=headers)
    written = await live.http.put("/v1/programmes/nps_list/members", json={}, headers=headers)
    listed = await live.http.get("/v1/programmes", headers=headers)

    assert (read_one.status_code, written.status_code) == (404, 404)
    assert listed.json()["programmes"] == []


async def push_pulse(api: Api, **asking: Any) -> None:
    pulse = {**SURVEY, "key": "pulse", "touchpoints": ["team.pulse"], "asking": asking}
    reply = await api.push(pulse)
    assert reply.status_code == 201, reply.text


async def ask(api: Api, respondent: str) -> dict[str, Any]:
    return (await api.trigger(touchpoint="team.pulse", respondent=respondent)).json()


async def test_a_pulse_stops_at_its_number_of_answers(api: Api) -> None:
    await push_pulse(api, closes_after=3)
    for number in range(3):
        asked = await ask(api, f"c-{number}")
        assert asked["asked"] is True, asked
        token = asked["invitation"]["code"]
        assert (await api.submit({"recommend": 8}, survey=None, token=token)).status_code == 201

    refused = await ask(api, "c-9")

    assert (refused["asked"], refused["reason"]) == (False, "not_open")


async def test_a_pulse_stops_at_its_date(api: Api) -> None:
    await push_pulse(api, closes_at=(NOW + timedelta(days=7)).isoformat())
    before = await ask(api, "c-1")
    api.clock.move(days=7)

    after = await ask(api, "c-2")

    assert (before["asked"], after["asked"], after["reason"]) == (True, False, "not_open")


async def test_a_pulse_over_a_list_asks_no_more_than_it_needs(api: Api) -> None:
    await push_pulse(api, closes_after=2)
    await put(
        api, "pulse_may", survey="pulse", touchpoint="team.pulse", every="once", spread_days=1,
        starts_on="2026-11-22",
    )  # fmt: skip
    await put_members(api, 4, "pulse_may")
    for number in range(2):
        asked = await ask(api, f"other-{number}")
        token = asked["invitation"]["code"]
        await api.submit({"recommend": 8}, survey=None, token=token)
    api.clock.now = NOW + timedelta(days=3)

    await tick(api)

    assert (await read(api, "programmes/pulse_may"))["progress"]["asked"] == 0
