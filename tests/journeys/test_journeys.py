"""Journeys over the API: pushed like surveys, built in, read back, let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import tomli_w
import yaml
from api_client import Api, problem_codes

JOURNEY: dict[str, Any] = {
    "key": "shop",
    "title": "The shop",
    "stages": [
        {"key": "before", "title": "Before", "touchpoints": [{"key": "page.read", "weight": 0.5}]},
        {
            "key": "after",
            "title": "After",
            "touchpoints": [
                {"key": "order.delivered", "title": "Delivered", "owner": "Kari", "weight": 2.0},
                {"key": "order.returned", "survey": "returns", "asking": {"responses_a_week": 20}},
            ],
        },
    ],
}


async def push(api: Api, journey: dict[str, Any], **query: str) -> dict[str, Any]:
    reply = await api.http.post("/v1/journeys", json=journey, params=query)
    assert reply.status_code in {200, 201}, reply.text
    return reply.json()


async def read(api: Api, path: str) -> dict[str, Any]:
    reply = await api.http.get(f"/v1/{path}")
    assert reply.status_code == 200, reply.text
    return reply.json()


def without(journey: dict[str, Any], touchpoint: str) -> dict[str, Any]:
    stages = [
        {**s, "touchpoints": [t for t in s["touchpoints"] if t["key"] != touchpoint]}
        for s in journey["stages"]
    ]
    return {**journey, "stages": stages}


async def test_a_pushed_journey_places_its_touchpoints_and_keeps_their_survey(live: Api) -> None:
    reply = await live.http.post("/v1/journeys", json=JOURNEY)

    pushed = reply.json()
    assert (reply.status_code, pushed["key"], pushed["change"]) == (201, "shop", "first")
    assert {line["kind"] for line in pushed["changes"]} == {"added", "changed"}
    delivered = await read(live, "touchpoints/order.delivered")
    assert delivered["survey"] == "post_purchase"
    assert (delivered["journey"], delivered["stage"], delivered["place"]) == ("shop", "after", 0)
    assert (delivered["owner"], delivered["weight"]) == ("Kari", 2.0)
    assert (await live.trigger(respondent="c-1")).json()["asked"] is True


async def test_a_survey_that_is_not_there_yet_is_a_warning(live: Api) -> None:
    pushed = await push(live, JOURNEY)

    (warning,) = pushed["warnings"]
    assert warning["code"] == "survey_unknown"
    assert warning["path"] == "$.stages[1].touchpoints[1].survey"
    refused = (await live.trigger(touchpoint="order.returned", respondent="c-1")).json()
    assert refused["reason"] == "no_survey"


@pytest.mark.parametrize("notation", ["json", "yaml", "toml"])
async def test_the_round_trip_is_exact_in_every_notation(api: Api, notation: str) -> None:
    text = {"json": None, "yaml": yaml.safe_dump, "toml": tomli_w.dumps}[notation]
    if text is None:
        await push(api, JOURNEY)
    else:
        headers = {"content-type": f"application/{notation}"}
        reply = await api.http.post("/v1/journeys", content=text(JOURNEY), headers=headers)
        assert reply.status_code == 201, reply.text

    shown = await read(api, "journeys/shop")
    again = await api.http.post("/v1/journeys", json=shown["definition"])

    assert shown["definition"] == JOURNEY
    assert (again.status_code, again.json()["change"]) == (200, "none")
    assert again.json()["changes"] == []
    keys = [touchpoint["key"] for touchpoint in shown["touchpoints"]]
    assert keys == ["page.read", "order.delivered", "order.returned"]


async def test_a_dry_run_says_all_and_stores_nothing(api: Api) -> None:
    told = await push(api, JOURNEY, dry_run="true")

    assert told["change"] == "first"
    assert len(told["changes"]) >= 5
    assert (await read(api, "journeys"))["journeys"] == []
    assert (await read(api, "touchpoints"))["touchpoints"] == []


async def test_a_touchpoint_that_leaves_stays_without_a_journey(api: Api) -> None:
    await push(api, JOURNEY)

    pushed = await push(api, without(JOURNEY, "order.returned"))

    assert pushed["change"] == "changed"
    assert [(c["kind"], c["path"]) for c in pushed["changes"]] == [
        ("removed", '$.touchpoints["order.returned"]')
    ]
    left = await read(api, "touchpoints/order.returned")
    assert (left["journey"], left["stage"], left["survey"]) == (None, None, "returns")
    assert left["asking"] == {"responses_a_week": 20}


async def test_other_journeys_are_left_alone_and_keep_their_touchpoints(api: Api) -> None:
    await push(api, JOURNEY)
    other = {"key": "b2b", "title": "B2B", "stages": [{"key": "s", "title": "S"}]}
    await push(api, {**other, "stages": [{**other["stages"][0], "touchpoints": [{"key": "x.y"}]}]})

    stolen = {**other, "stages": [{**other["stages"][0], "touchpoints": [{"key": "page.read"}]}]}
    refused = await api.http.post("/v1/journeys", json=stolen)

    assert refused.status_code == 422
    assert problem_codes(refused) == ["on_another_journey"]
    assert (await read(api, "touchpoints/page.read"))["journey"] == "shop"
    assert (await read(api, "touchpoints/x.y"))["journey"] == "b2b"
    assert [item["touchpoints"] for item in (await read(api, "journeys"))["journeys"]] == [1, 3]


async def test_settings_made_by_other_means_show_in_the_definition(api: Api) -> None:
    await push(api, JOURNEY)
    settings = {"weight": 9, "owner": "Ola", "title": "Handed over", "sample_rate": 0.25}
    put = await api.http.put("/v1/touchpoints/order.delivered", json=settings)
    assert put.json()["journey"] == "shop"

    shown = await read(api, "journeys/shop")
    again = await push(api, JOURNEY, dry_run="true")

    touchpoint = shown["definition"]["stages"][1]["touchpoints"][0]
    assert touchpoint == {
        "key": "order.delivered", "title": "Handed over", "owner": "Ola", "weight": 9.0,
    }  # fmt: skip
    assert [line["path"].rpartition(".")[2] for line in again["changes"]] == [
        "title", "weight", "owner",
    ]  # fmt: skip


async def test_a_forgotten_journey_leaves_its_touchpoints(api: Api) -> None:
    await push(api, JOURNEY)

    gone = await api.http.delete("/v1/journeys/shop")
    again = await api.http.delete("/v1/journeys/shop")

    assert (gone.status_code, again.status_code) == (204, 404)
    assert (await api.http.get("/v1/journeys/shop")).json()["code"] == "journey_unknown"
    assert (await read(api, "touchpoints/order.delivered"))["journey"] is None


@pytest.mark.parametrize(
    ("key", "stages"),
    [
        (
            "customer_lifecycle",
            ["Awareness", "Discovery", "Interest", "Consideration", "Action", "Use", "Advocacy"],
        ),
        (
            "purchase_path",
            [
                "Initial contact", "Awareness", "Investigation", "Choice reduction", "Purchase",
                "Delivery",
            ],
        ),
    ],
)  # fmt: skip
async def test_a_built_in_journey_is_loaded_in_one_call(
    api: Api, key: str, stages: list[str]
) -> None:
    loaded = await api.http.post(f"/v1/journeys/templates/{key}")
    again = await api.http.post(f"/v1/journeys/templates/{key}")

    assert (loaded.status_code, again.status_code) == (201, 200)
    definition = (await read(api, f"journeys/{key}"))["definition"]
    assert [stage["title"] for stage in definition["stages"]] == stages
    assert all(stage["touchpoints"] for stage in definition["stages"])
    assert all(t["owner"] and t["question"] for s in definition["stages"] for t in s["touchpoints"])
    listed = {item["key"]: item for item in (await read(api, "journeys/templates"))["templates"]}
    assert listed[key]["stages"] == stages


async def test_both_built_in_journeys_live_side_by_side(api: Api) -> None:
    for key in ("customer_lifecycle", "purchase_path"):
        assert (await api.http.post(f"/v1/journeys/templates/{key}")).status_code == 201


async def test_a_built_in_journey_never_undoes_your_changes(api: Api) -> None:
    await api.http.post("/v1/journeys/templates/purchase_path")
    definition = (await read(api, "journeys/purchase_path"))["definition"]
    await push(api, {**definition, "title": "Ours"})

    reply = await api.http.post("/v1/journeys/templates/purchase_path")
    unknown = await api.http.post("/v1/journeys/templates/nothing")

    assert (reply.status_code, reply.json()["code"]) == (409, "journey_exists")
    assert (await read(api, "journeys/purchase_path"))["definition"]["title"] == "Ours"
    assert (unknown.status_code, unknown.json()["code"]) == (404, "journey_template_unknown")


async def test_pushes_at_once_leave_a_touchpoint_on_one_journey(api: Api) -> None:
    stages = [{"key": "s", "title": "S", "touchpoints": [{"key": "x.y"}]}]
    journeys = [{"key": f"j{number}", "title": "J", "stages": stages} for number in range(8)]

    replies = await asyncio.gather(*(api.http.post("/v1/journeys", json=j) for j in journeys))

    assert sorted(reply.status_code for reply in replies) == [201] + [422] * 7
    assert len((await read(api, "journeys"))["journeys"]) == 1


async def test_bad_files_are_problems_with_a_path(api: Api) -> None:
    wrong = {
        **JOURNEY,
        "stages": [{"key": "s", "title": "S", "touchpoints": [{"key": "a", "weight": 0}]}],
    }
    bad = await api.http.post("/v1/journeys", json=wrong)
    huge = await api.http.post("/v1/journeys", json={**JOURNEY, "description": "x" * 262_145})
    form = await api.http.post("/v1/journeys", content="a=b", headers={"content-type": "text/css"})
    query = await api.http.post("/v1/journeys", json=JOURNEY, params={"dryrun": "1"})

    assert bad.status_code == 422
    assert bad.json()["problems"][0]["path"] == "$.stages[0].touchpoints[0].weight"
    assert bad.json()["problems"][0]["limit"] == 0.01
    assert [huge.status_code, form.status_code, query.status_code] == [413, 415, 400]


async def test_a_journey_of_another_workspace_is_not_there(
    api: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await push(api, JOURNEY)
    headers = {"authorization": f"Bearer {await other_workspace()}"}

    assert (await api.http.get("/v1/journeys/shop", headers=headers)).status_code == 404
    assert (await api.http.delete("/v1/journeys/shop", headers=headers)).status_code == 404
    listed = await api.http.get("/v1/journeys", headers=headers)
    assert listed.json()["journeys"] == []
    mine = await api.http.post("/v1/journeys", json=JOURNEY, headers=headers)
    assert mine.status_code == 201
    assert (await read(api, "touchpoints/order.delivered"))["owner"] == "Kari"


async def test_reading_needs_no_write_scope_and_pushing_does(api: Api) -> None:
    headers = {"authorization": f"Bearer {await api.key('read')}"}

    assert (await api.http.get("/v1/journeys", headers=headers)).status_code == 200
    assert (await api.http.post("/v1/journeys", json=JOURNEY, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight", 0), ("weight", 1001), ("title", "x" * 121), ("owner", "x" * 201),
        ("question", "x" * 501), ("journey", "shop"), ("asking", {"responses_a_week": 0}),
        ("asking", {"only_when": [{"name": "x", "op": "one_of", "value": 1}]}),
    ],
)  # fmt: skip
async def test_a_bad_setting_of_a_touchpoint_is_refused(api: Api, field: str, value: Any) -> None:
    reply = await api.http.put("/v1/touchpoints/a.b", json={field: value})

    assert reply.status_code == 422
    assert reply.json()["problems"]
