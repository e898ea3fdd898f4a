"""The sample workspace as the demo shows it."""

from __future__ import annotations

import re

from golden_stage import Stage

from harken_server.sample.fill import DEMO_SURVEYS, fill_workspace
from harken_server.sample.places import open_places
from harken_server.sample.welcome import welcome_lines


async def play(stage: Stage) -> None:
    stage.turn()
    added = await fill_workspace(stage.runtime)
    site = await stage.key("public")
    stage.turn()
    places = await open_places(stage.runtime)
    secret = stage.keys["manage"]
    lines = await welcome_lines(stage.runtime, places, secret=secret, site_key=site, colours=False)
    stage.say(f"{added} responses added", "\n".join(lines))
    for link in re.findall(r"https://\S+token=\S+", "\n".join(lines)):
        await stage.page(link, is_brief="export" in link)
    await stage.page(places.receipt_url)
    for key in DEMO_SURVEYS:
        await stage.page(f"/s/{key}")
        for path in ("", "/scores", "/export.csv", "/responses?limit=2", "/mail-preview"):
            await stage.get(f"/v1/surveys/{key}{path}")
        made = await stage.post(f"/v1/surveys/{key}/results-link")
        path, _, token = made.json()["url"].partition("?")
        await stage.page(f"{path}?{token}&days=all", is_brief=key == DEMO_SURVEYS[0])
        await stage.page(f"{path}/scores.csv?{token}&days=all")
    await stage.get("/v1/journeys/customer_lifecycle")
    await stage.get("/v1/touchpoints")
    await stage.get("/v1/surveys/support_ticket/export.jsonl")
    await stage.page(f"/widget/playground?key={site}")
    await stage.page(f"/widget/config?key={site}")
