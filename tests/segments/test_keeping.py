"""Segments are made, changed, listed and deleted, and say who is asked."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import SURVEY, Api, problem_codes
from segment_steps import keep

from harken_server.surveys.conditions import Condition

PRO = {"of": "trait", "name": "plan", "value": "pro"}
GLAD = {"of": "band", "name": "recommend", "value": "promoters"}


async def put(api: Api, key: str = "some", **fields: Any) -> Any:
    body = {"title": "Some", "conditions": [PRO], **fields}
    return await api.http.put(f"/v1/segments/{key}", json=body)


async def test_a_persona_is_kept_changed_listed_and_deleted(live: Api) -> None:
    made = await put(
        live, "families", title="Families", description="Buy for children.",
        portrait=["buys on Saturdays", "looks for offers"], conditions=[PRO, GLAD],
    )  # fmt: skip
    assert made.status_code == 200, made.text
    live.clock.move(hours=1)
    changed = (await put(live, "families", title="Families, all")).json()

    assert (await live.http.get("/v1/segments/families")).json() == changed
    assert (await live.http.get("/v1/segments")).json() == {"segments": [changed]}
    assert changed["title"] == "Families, all"
    assert changed["portrait"] == []
    assert changed["created_at"] == made.json()["created_at"] < changed["updated_at"]
    audit = await live.http.get("/v1/audit")
    assert "put_segment" in audit.text
    assert (await live.http.delete("/v1/segments/families")).status_code == 204
    assert (await live.http.get("/v1/segments/families")).status_code == 404
    assert (await live.http.delete("/v1/segments/families")).json()["code"] == "segment_unknown"


@pytest.mark.parametrize(
    ("condition", "path", "code"),
    [
        ({"of": "trait"}, "$.conditions[0].name", "missing"),
        ({"of": "channel", "name": "x", "value": "web"}, "$.conditions[0].name", "not_allowed"),
        ({**PRO, "op": "at_least"}, "$.conditions[0].value", "wrong_type"),
        ({**PRO, "op": "one_of"}, "$.conditions[0].value", "wrong_type"),
        ({**GLAD, "op": "at_least", "value": 3}, "$.conditions[0].op", "wrong_type"),
    ],
)
async def test_what_no_condition_says_is_refused_at_its_place(
    api: Api, condition: dict[str, Any], path: str, code: str
) -> None:
    refused = await put(api, conditions=[condition])

    assert refused.status_code == 422, refused.text
    assert (refused.json()["problems"][0]["path"], problem_codes(refused)[0]) == (path, code)


async def test_a_touchpoint_asks_a_segment_of_people_alone(live: Api) -> None:
    await live.push(SURVEY)
    pushed = {"survey": "post_purchase", "asking": {"segment": "paying"}}
    url = "/v1/touchpoints/order.delivered"
    assert problem_codes(await live.http.put(url, json=pushed)) == ["segment_unknown"]
    await keep(live, "paying", [Condition(of="band", name="recommend", value="promoters")])
    assert problem_codes(await live.http.put(url, json=pushed)) == ["segment_of_answers"]
    await keep(live, "paying", [Condition(of="trait", name="plan", value="pro")])
    assert (await live.http.put(url, json=pushed)).status_code == 200

    asked = (await live.trigger(respondent="kim", traits={"plan": "pro"})).json()
    left_out = (await live.trigger(respondent="lee", traits={"plan": "free"})).json()

    assert (asked["asked"], left_out["asked"]) == (True, False)
    assert left_out["reason"] == "not_in_segment"
    assert left_out["detail"] == 'trait plan is "pro"'
    refused = await live.http.delete("/v1/segments/paying")
    assert (refused.status_code, refused.json()["code"]) == (409, "segment_asked")
    widened = await put(live, "paying", conditions=[GLAD])
    assert problem_codes(widened) == ["segment_asked"]
    await live.http.put(url, json={"survey": "post_purchase"})
    assert (await live.http.delete("/v1/segments/paying")).status_code == 204


async def test_a_journey_file_names_only_segments_that_are_there(api: Api) -> None:
    touchpoint = {"key": "order.delivered", "title": "Delivered", "asking": {"segment": "gone"}}
    journey = {
        "key": "shop", "title": "Shop",
        "stages": [{"key": "buy", "title": "Buy", "touchpoints": [touchpoint]}],
    }  # fmt: skip

    refused = await api.http.post("/v1/journeys", json=journey)

    assert refused.status_code == 422, refused.text
    problem = refused.json()["problems"][0]
    assert problem["code"] == "segment_unknown"
    assert problem["path"] == "$.stages[0].touchpoints[0].asking.segment"
