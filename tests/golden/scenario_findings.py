"""Drivers, reliability and annotations: what is found, refused and noted."""

from __future__ import annotations

from golden_stage import Stage
from golden_surveys import ORDER


async def play(stage: Stage) -> None:
    await stage.post("/v1/surveys", ORDER)
    base = "/v1/surveys/post_purchase"
    for path in (
        "/drivers",
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
