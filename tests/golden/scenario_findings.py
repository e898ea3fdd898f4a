"""Drivers, reliability and annotations: what is found, refused and noted."""

from __future__ import annotations

from golden_stage import Stage
from golden_surveys import ORDER


async def play(stage: Stage) -> None:
    await stage.post("/v1/surveys", ORDER)
    base = "/v1/surveys/post_purchase"
    for path in (
        "/drivers",
        "/drivers.csv",
        "/drivers?items=colour",
        "/reliability",
        "/reliability?items=recommend",
    ):
        await stage.get(base + path)
    made = await stage.post(
        "/v1/annotations", {"title": "Checkout 3.2", "kind": "deploy", "day": "2026-11-20"}
    )
    path = f"/v1/annotations/{made.json()['id']}"
    await stage.post("/v1/annotations", {"title": "Sale", "link": "http://shop.example"})
    await stage.get("/v1/annotations?survey=post_purchase")
    await stage.get(path)
    await stage.put(path, {"title": "Checkout 3.3", "kind": "deploy"})
    await stage.get(f"{base}/before-after?days=7")
    await stage.get(f"{base}/trends?limits=true")
    await stage.delete(path)
    await stage.get(f"{base}/before-after")
    await _events(stage)


async def _events(stage: Stage) -> None:
    """What people did, beside what they answered; and feedback that nobody was asked for."""
    first, second = stage.new_id(), stage.new_id()
    told = {"id": first, "respondent": "c-1", "name": "order", "at": "2026-11-20T10:00:00Z"}
    await stage.post("/v1/events", {"events": [{**told, "value": 12.5}]})
    await stage.post(
        "/v1/events", {"events": [told, {**told, "id": second, "at": "2999-01-01T00:00:00Z"}]}
    )
    await stage.post("/v1/events", {"events": [{**told, "name": "No Name"}]})
    await stage.get("/v1/events")
    await stage.get("/v1/respondents/c-1/timeline?limit=1")
    await stage.get("/v1/surveys/post_purchase/behaviour?event=order")
    await stage.get("/v1/surveys/post_purchase/rates")
    said = {"id": "g-1", "at": "2026-11-20T10:00:00Z", "rating": 4, "text": "Quick"}
    await stage.post("/v1/intake/reviews", {"items": [said, {**said, "id": "g-2", "rating": 9}]})
    await stage.post("/v1/intake/post_purchase", {"items": [said]})
