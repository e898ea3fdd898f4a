"""Surveys, versions, keys, responses, scores, exports and signed links of the API."""

from __future__ import annotations

import copy

from golden_stage import Stage
from golden_surveys import ANSWERS, EVERY_TYPE, FURTHER, ORDER

from harken_server.app import CHANNELS
from harken_server.worker import Worker, jobs_of

YAML = """key: tiny
title: A tiny one
questions:
  - type: csat
    key: happy
    text: Happy?
"""
TOML = (
    'key = "tiny"\ntitle = "A tiny one"\n[[questions]]\ntype = "csat"\nkey = "happy"\ntext = "H?"\n'
)


async def play(stage: Stage) -> None:
    await _publish(stage)
    await _keys(stage)
    await _collect(stage)
    await _read(stage)
    await _erase(stage)


async def _publish(stage: Stage) -> None:
    await stage.post("/v1/surveys", ORDER, params={"dry_run": "true"})
    await stage.post("/v1/surveys", ORDER)
    await stage.post("/v1/surveys", ORDER)
    await stage.post("/v1/surveys", EVERY_TYPE, params={"status": "draft"})
    await stage.post("/v1/surveys/every_type/status", {"status": "live"})
    changed = copy.deepcopy(ORDER)
    changed["questions"][1]["choices"].append({"value": "x", "label": "X"})
    del changed["questions"][2]
    await stage.post("/v1/surveys", changed, params={"dry_run": "true"})
    changed["questions"][0]["type"] = "csat"
    await stage.post("/v1/surveys", changed)
    for text, kind in ((YAML, "application/yaml"), (TOML, "application/toml"), ("x", "text/x")):
        headers = {"content-type": kind}
        await stage.call("POST", "/v1/surveys", content=text.encode(), headers=headers)
    await stage.post("/v1/surveys", {"key": "Bad Key", "title": 3, "questions": []})
    await stage.post("/v1/surveys", {**ORDER, "questions": ORDER["questions"] * 2})
    await stage.call(
        "POST", "/v1/surveys", content=b"{", headers={"content-type": "application/json"}
    )
    for path in ("", "/post_purchase", "/post_purchase?version=1", "/post_purchase?version=9"):
        await stage.get(f"/v1/surveys{path}")
    for path in ("/post_purchase?version=x", "/nothing", "/every_type/versions"):
        await stage.get(f"/v1/surveys{path}")


async def _keys(stage: Stage) -> None:
    body = {"name": "site", "scopes": ["public"], "origins": ["https://shop.example"]}
    await stage.post("/v1/keys", body)
    made = await stage.post("/v1/keys", {"name": "spare", "scopes": ["read", "write"]})
    await stage.post("/v1/keys", {"name": "bad", "scopes": ["all"], "origins": ["nowhere"]})
    await stage.post("/v1/keys", {"name": "bad", "scopes": ["public"], "origins": ["nowhere"]})
    await stage.delete(f"/v1/keys/{made.json()['id']}")
    await stage.delete(f"/v1/keys/{made.json()['id']}")
    await stage.delete("/v1/keys/none")
    await stage.get("/v1/keys")
    await stage.post("/v1/surveys/every_type/results-link", {"days": 9})
    links = await stage.get("/v1/links")
    await stage.delete(f"/v1/links/{links.json()['links'][0]['id']}")
    await stage.get("/v1/links?limit=1")
    await stage.key("read")
    await stage.key("public")
    await stage.post("/v1/surveys", ORDER, key="read")
    await stage.get("/v1/surveys", key="public")
    await stage.get("/v1/surveys", key=None)
    await stage.get("/v1/surveys", key=None, headers={"authorization": "Bearer hk_none"})
    await stage.get("/v1/surveys", key=None, headers={"authorization": "Basic x"})


async def _collect(stage: Stage) -> None:
    for answers in (ANSWERS, *FURTHER):
        await stage.submit(
            "every_type", answers, is_told=True, complete=len(answers) > 4, locale="ar"
        )
    await stage.submit("post_purchase", {"recommend": 5, "why": "Slow"}, context={"store": "Oslo"})
    hidden = {"recommend": 9, "reason": {"other": "A friend"}, "why": 'It "was" quick'}
    await stage.submit("post_purchase", hidden, is_told=True, complete=True)
    first = stage.new_id()
    path = "/v1/public/responses"
    base = {"id": first, "survey": "post_purchase", "resume": "made by a browser"}
    begun = {**base, "answers": {"recommend": 9}, "sequence": 1, "complete": False}
    for body in (
        begun,
        begun,
        {**base, "answers": {"recommend": 8, "reason": "speed"}, "sequence": 2, "complete": True},
        {**base, "answers": {"recommend": 1}, "sequence": 3},
        {**base, "id": "no id", "answers": {"recommend": 9}},
        {**base, "id": stage.new_id(), "answers": {"recommend": 99, "reason": "none", "x": 1}},
        {**base, "id": stage.new_id(), "answers": {}, "complete": True},
        {**base, "survey": "nothing", "answers": {"recommend": 9}},
        {**base, "answers": {"recommend": 9}, "token": "0000000000000"},
    ):
        await stage.post(path, body, key=None)
    await stage.post(path, begun, key="public", headers={"origin": "https://shop.example"})
    for body, kind in (
        (b"{", "application/json"),
        (b"x=1", "text/csv"),
        (b"x" * 70_000, "text/plain"),
    ):
        headers = {"content-type": kind}
        await stage.call("POST", path, key=None, content=body, headers=headers)
    await stage.call("OPTIONS", path, key=None, headers={"origin": "https://shop.example"})
    await stage.call("GET", path, key=None)


async def play_dimensions(stage: Stage) -> None:
    """What responses are counted by."""
    await stage.key("read")
    path = "/v1/dimensions"
    await stage.get(path)
    plan = {"name": "plan", "source": "trait", "key": "tariff"}
    await stage.put(path, {"dimensions": [{"name": "store"}, plan]})
    await stage.put(path, {"dimensions": [{"name": "store"}]})
    await stage.get(path)
    await stage.put(path, {"dimensions": [{"name": "Store"}, {"name": "wave", "key": ""}]})
    await stage.put(path, {"dimensions": [{"name": f"d{number}"} for number in range(9)]})
    await stage.put(path, {"dimensions": [{"name": "store", "source": "answers"}]})
    await stage.put(path, {"dimensions": []}, key="read")


async def _read(stage: Stage) -> None:
    page = await stage.get("/v1/surveys/every_type/responses?limit=3")
    await stage.get("/v1/surveys/every_type/responses", params={"after": page.json()["cursor"]})
    await stage.get("/v1/surveys/every_type/responses?after=%20bad")
    await stage.get("/v1/surveys/every_type/responses?limit=0")
    await stage.get("/v1/surveys/every_type/responses?x=1")
    await stage.get("/v1/surveys/post_purchase/responses?standing=counted")
    for key in ("every_type", "post_purchase"):
        base = f"/v1/surveys/{key}"
        for path in ("/scores", "/export.csv", "/export.csv?dialect=spreadsheet", "/export.jsonl"):
            await stage.get(base + path)
    base = "/v1/surveys/every_type"
    await stage.get(f"{base}/scores?question=room&channel=web")
    await stage.get(f"{base}/scores?question=none")
    await stage.get(f"{base}/scores?from=2026-11-21&to=2026-11-22&version=1")
    await stage.get(f"{base}/scores?from=yesterday")
    await stage.get(f"{base}/scores?level=0.9&by=channel&compare=version:1")
    await stage.get(f"{base}/trends?period=day&question=room")
    await stage.get(f"{base}/chart.svg?kind=breakdown&by=channel&question=room&theme=light")
    await stage.get(f"{base}/trends?period=hour&question=room&from=2026-11-21&to=2026-11-21")
    await stage.get(f"{base}/heat-map?rows=channel&columns=locale&question=room")
    await stage.get(f"{base}/heat-map?rows=channel&columns=channel")
    await stage.get(f"{base}/heat-map.csv?rows=channel&columns=locale&question=room")
    await stage.get(f"{base}/leaderboard?by=channel&question=room")
    await stage.get(f"{base}/leaderboard.csv?by=channel&question=room")
    await stage.get("/v1/sample-size?metric=nps&margin=5")
    await stage.get(f"{base}/export.csv?touchpoint=none")
    await _play_further_files(stage, base)
    await stage.get("/v1/surveys/nothing/export.jsonl")
    await stage.post(f"{base}/results-link", {"days": 30})
    await stage.post(f"{base}/results-link", {"days": 0})
    link = await stage.post(f"{base}/export-link")
    await stage.page(link.json()["url"])
    await stage.page(link.json()["url"] + "&dialect=raw")
    await stage.page("/export/every_type/responses.csv?token=bad")
    await stage.page("/export/every_type/responses.csv")


async def _erase(stage: Stage) -> None:
    base = "/v1/surveys/every_type/responses"
    listed = await stage.get(f"{base}?limit=2", is_told=False)
    first, second = (each["id"] for each in listed.json()["responses"])
    await stage.get(f"{base}/{first}")
    await stage.patch(f"{base}/{first}", {"standing": "excluded"})
    await stage.patch(f"{base}/{first}", {"standing": "lost"})
    await stage.get(f"{base}/{stage.new_id()}")
    await stage.delete(f"{base}/{second}")
    await stage.delete(f"{base}/{second}")
    await stage.delete(f"{base}/{first}", key="read")
    await stage.get("/v1/surveys/every_type/scores?question=recommend")
    await stage.get("/v1/flagged-responses")
    await stage.post("/v1/surveys/every_type/status", {"status": "closed"})
    await stage.post("/v1/surveys/every_type/status", {"status": "gone"})
    body = {"id": stage.new_id(), "survey": "every_type", "answers": {"recommend": 1}}
    await stage.post("/v1/public/responses", body, key=None)
    for suffix in ("", "/post_purchase"):
        await stage.call("HEAD", f"/v1/surveys{suffix}")
        await stage.call("OPTIONS", f"/v1/surveys{suffix}", key=None)
        await stage.call("PUT", f"/v1/surveys{suffix}")


async def _play_further_files(stage: Stage, base: str) -> None:
    """Comments, the codebook, numbers as files, and a file made in the background."""
    for path in ("comments", "comments.csv", "scores.csv", "trends.csv", "codebook.csv"):
        await stage.get(f"{base}/{path}")
    await stage.get(f"{base}/codebook.json")
    await stage.get(f"{base}/export.csv?columns=response_id,recommend&labels=1&locale=de")
    await stage.get(f"{base}/export.csv?columns=nothing")
    for form in ("xlsx", "parquet", "sav"):
        await stage.get(f"{base}/export.{form}?columns=response_id,recommend")
    asked = await stage.post("/v1/exports", {"survey": "every_type"})
    await Worker(stage.runtime, jobs_of(CHANNELS), ()).run_once()
    made = await stage.get(f"/v1/exports/{asked.json()['id']}")
    await stage.page(made.json()["url"].removeprefix("https://feedback.example.com"), is_brief=True)
    await stage.get("/v1/exports")
    await stage.delete(f"/v1/exports/{asked.json()['id']}")
