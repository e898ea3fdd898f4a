"""Live sheets: a token made and ended, and what it reads as CSV, as pages and as OData."""

from __future__ import annotations

from golden_stage import Stage
from golden_surveys import ORDER

BASE = "/v1/surveys/post_purchase/sheets"


async def play(stage: Stage) -> None:
    """A sheet of a survey with two answers."""
    await stage.push(ORDER)
    for rating in (9, 3):
        stage.clock.move(hours=1)
        await stage.submit("post_purchase", {"recommend": rating}, key="manage")
    made = await stage.post(BASE, {"name": "Weekly figures"})
    await stage.post(BASE, {"name": ""})
    token, asked = made.json()["token"], f"token={made.json()['token']}"
    for path in ("responses.csv", "scores.csv", "responses.json"):
        await stage.page(f"/sheets/post_purchase/{path}?{asked}")
    await stage.page(f"/sheets/post_purchase/scores.csv?by=day&{asked}")
    await stage.page(f"/sheets/post_purchase/responses.csv?token={token}x")
    await stage.page("/sheets/other/responses.csv?" + asked)
    root = "/odata/post_purchase"
    for path in ("", "/$metadata", "/Scores", "/Answers", "/Comments", "/Responses/$count"):
        await stage.page(f"{root}{path}?{asked}")
    await stage.page(f"{root}/Responses?$filter=recommend ge 7&$select=recommend&{asked}")
    await stage.page(f"{root}/Responses?$expand=all&{asked}")
    await stage.page(f"{root}/Responses?$filter=recommend&{asked}")
    await stage.get(BASE)
    await stage.delete(f"{BASE}/{made.json()['id']}")
    await stage.delete(f"{BASE}/{made.json()['id']}")
