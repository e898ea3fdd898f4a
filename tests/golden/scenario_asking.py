"""Touchpoints, triggers, decisions, respondents, programmes and journeys of the API."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from golden_stage import Stage
from golden_surveys import ORDER

from harken_server.routes import CHANNELS
from harken_server.worker import ticks_of

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
PROGRAMME: dict[str, Any] = {
    "survey": "post_purchase",
    "touchpoint": "relationship.quarterly",
    "every": "quarter",
    "channel": "widget",
    "starts_on": "2026-12-01",
}


async def play(stage: Stage) -> None:
    await stage.push(ORDER)
    await _touchpoints(stage)
    await _people(stage)
    await _triggers(stage)
    await _personal_links(stage)
    await _escalations(stage)
    await _suppressions(stage)
    await _erasing(stage)


async def play_plans(stage: Stage) -> None:
    """Journeys and programmes."""
    await stage.push(ORDER)
    await _journeys(stage)
    await _programmes(stage)
    await _segments(stage)


async def _touchpoints(stage: Stage) -> None:
    await stage.get("/v1/touchpoints")
    body = {"survey": "post_purchase", "cooldown_days": 0, "title": "Delivered", "weight": 2}
    await stage.put("/v1/touchpoints/order.delivered", body)
    await stage.put("/v1/touchpoints/order.quiet", {"survey": "post_purchase", "sample_rate": 0})
    await stage.put("/v1/touchpoints/order.none", {})
    await stage.put("/v1/touchpoints/Bad", {})
    await stage.put("/v1/touchpoints/order.bad", {"sample_rate": 2, "x": 1})
    await stage.put("/v1/touchpoints/order.bad", {"survey": "nothing"})
    for key in ("order.delivered", "nothing"):
        await stage.get(f"/v1/touchpoints/{key}")
    await stage.get("/v1/touchpoints")
    await stage.put("/v1/channels", {"channels": ["poster"]})
    await stage.put("/v1/channels", {"channels": ["E-Mail", "my poster"]})
    await stage.get("/v1/channels")
    await stage.put("/v1/timezone", {"timezone": "Europe/Atlantis"})
    await stage.put("/v1/timezone", {"timezone": "UTC"})
    await stage.get("/v1/timezone")
    await stage.get("/v1/asking")
    wanted = {"cooldown": {"answered_days": 45}, "escalation": {"poor_answers": 1}}
    await stage.put("/v1/asking", wanted)
    await stage.put("/v1/asking", {"cooldown": {"answered_days": -1}})


async def _people(stage: Stage) -> None:
    person = {
        "email": "Ada@Example.com", "phone": "+47 22 33 44 55", "locale": "de",
        "timezone": "Europe/Oslo", "consent": True, "traits": {"plan": "pro", "gone": None},
    }  # fmt: skip
    await stage.put("/v1/respondents/ada", person)
    await stage.put("/v1/respondents/bob", {"consent": False})
    await stage.put("/v1/respondents/bad", {"email": "no address", "timezone": "Nowhere"})
    for path in ("ada", "nobody", "ada/explain", "bob/explain", "nobody/explain", "x" * 201):
        await stage.get(f"/v1/respondents/{path}")


async def _triggers(stage: Stage) -> None:
    path = "/v1/triggers"
    base = {"touchpoint": "order.delivered", "respondent": "ada"}
    once = {"idempotency-key": "order-1"}
    made = await stage.post(path, {**base, "context": {"store": "Oslo"}}, headers=once)
    await stage.post(path, {**base, "context": {"store": "Oslo"}}, headers=once)
    await stage.post(path, {**base, "context": {"store": "Bergen"}}, headers=once)
    await stage.post(path, base)
    await stage.post(path, {**base, "respondent": "bob"})
    mailed = {**base, "respondent": "cleo", "channel": "email", "email": "cleo@example.com"}
    await stage.post(path, mailed)
    await stage.post(path, {"touchpoint": "order.quiet", "respondent": "dan"})
    await stage.post(path, {"touchpoint": "order.none"})
    await stage.post(path, {"touchpoint": "order.unheard"})
    await stage.post(path, {"touchpoint": "Bad", "x": 1})
    await stage.post(path, {**base, "email": "no", "timezone": "Nowhere"})
    batch = [{**base, "respondent": "eve"}, {"touchpoint": "order.none"}, {"touchpoint": 1}]
    await stage.post(path, batch)
    await stage.post(path, {"triggers": batch[:1]})
    await stage.post(path, {"triggers": []})
    await stage.post(path, batch, headers=once)
    await stage.post(path, base, key=None)
    await stage.key("read")
    await stage.post(path, base, key="read")
    await stage.call("POST", path, content=b"{", headers={"content-type": "application/json"})
    await stage.call("POST", path, content=b" " * (4 * 1024 * 1024 + 1))
    await stage.get(path)
    await stage.get(f"/v1/decisions/{made.json()['id']}")
    await stage.get("/v1/decisions/none")
    await stage.get("/v1/decisions.csv?columns=survey,asked,reason,detail&labels=both")
    await stage.get("/v1/decisions.jsonl?asked=false&reason=never")
    for form in ("jsonl", "xlsx", "parquet"):
        await stage.get(f"/v1/decisions.{form}?columns=asked,reason&touchpoint=order.delivered")
    invitation = made.json()["invitation"]
    for suffix in ("", "/qr.svg", "/qr.png", "/qr.png?scale=3", "/qr.png?scale=0"):
        await stage.page(f"/i/{invitation['code']}{suffix}")
    for suffix in ("", "/qr.svg", "/qr.png"):
        await stage.page(f"/I/{invitation['code']}{suffix}")
    await stage.page("/i/0000000000000/qr.svg")
    await stage.submit(
        "post_purchase", {"recommend": 2}, token=invitation["code"], complete=True, is_told=True
    )
    await stage.page(f"/i/{invitation['code']}")
    await stage.get("/v1/respondents/ada/explain")


async def _escalations(stage: Stage) -> None:
    stage.clock.move(days=60)
    again = {"touchpoint": "order.delivered", "respondent": "ada"}
    await stage.post("/v1/triggers", again)
    found = await stage.get("/v1/escalations")
    for one in found.json()["escalations"][:1]:
        await stage.post(f"/v1/escalations/{one['id']}/close")
        await stage.post(f"/v1/escalations/{one['id']}/close")
    await stage.post("/v1/escalations/none/close")
    await stage.get("/v1/escalations?state=all")
    await stage.get("/v1/escalations?before=none")


async def _erasing(stage: Stage) -> None:
    await stage.get("/v1/respondents/ada/erasure")
    await stage.delete("/v1/respondents/ada")
    await stage.delete("/v1/respondents/ada")
    await stage.delete("/v1/respondents/ada", key="read")
    await stage.put("/v1/respondents/ada", {"consent": True})
    await stage.delete("/v1/respondents/nobody")
    await stage.delete("/v1/respondents/nobody?hold=yes")
    await stage.delete("/v1/suppressions/ada")
    await stage.get("/v1/audit?action=erase_respondent&limit=1")
    await stage.get("/v1/audit", key="read")


async def _suppressions(stage: Stage) -> None:
    await stage.put("/v1/suppressions/fay", {"reason": "asked to"})
    await stage.put("/v1/suppressions/gil")
    await stage.put("/v1/suppressions/hal", {"reason": ""})
    await stage.get("/v1/suppressions")
    await stage.get("/v1/suppressions?after=fay&limit=1")
    await stage.post("/v1/triggers", {"touchpoint": "order.delivered", "respondent": "fay"})
    await stage.delete("/v1/suppressions/fay")
    await stage.delete("/v1/suppressions/fay")


async def _personal_links(stage: Stage) -> None:
    await stage.get("/v1/invitations")
    links = await stage.get("/v1/invitations?respondent=cleo")
    for _ in range(2):
        await stage.delete(f"/v1/invitations/{links.json()['invitations'][0]['id']}")
    await stage.get("/v1/invitations?respondent=cleo")


async def _journeys(stage: Stage) -> None:
    await stage.get("/v1/journeys")
    await stage.post("/v1/journeys", JOURNEY, params={"dry_run": "true"})
    await stage.post("/v1/journeys", JOURNEY)
    await stage.post(
        "/v1/journeys", {**JOURNEY, "title": "Our shop", "stages": JOURNEY["stages"][1:]}
    )
    await stage.post("/v1/journeys", {**JOURNEY, "stages": JOURNEY["stages"] * 2})
    await stage.post("/v1/journeys", {"key": "x"})
    await stage.get("/v1/journeys/templates")
    await stage.post("/v1/journeys/templates/customer_lifecycle")
    await stage.post("/v1/journeys/templates/customer_lifecycle")
    await stage.post("/v1/journeys/templates/purchase_path?dry_run=true")
    await stage.post("/v1/journeys/templates/none")
    for key in ("shop", "customer_lifecycle", "none"):
        await stage.get(f"/v1/journeys/{key}")
        await stage.get(f"/v1/journeys/{key}/scores?to=2026-11-21")
        await stage.get(f"/v1/journeys/{key}/scores.csv?to=2026-11-21")
    await stage.get("/v1/journeys")
    await stage.delete("/v1/journeys/shop")
    await stage.delete("/v1/journeys/shop")
    file = Path(__file__).parents[2] / "journey_templates" / "purchase_path.journey.yaml"
    headers = {"content-type": "application/yaml"}
    await stage.call("POST", "/v1/journeys", content=file.read_bytes(), headers=headers)


async def _programmes(stage: Stage) -> None:
    base = "/v1/programmes"
    await stage.get(base)
    await stage.put(f"{base}/nps_list", PROGRAMME)
    await stage.put(f"{base}/nps_list", {**PROGRAMME, "spread_days": 2})
    await stage.put(f"{base}/Bad", PROGRAMME)
    await stage.put(f"{base}/other", {**PROGRAMME, "survey": "none", "timezone": "Nowhere"})
    members = [{"respondent": f"c-{number}"} for number in range(4)]
    await stage.put(f"{base}/nps_list/members", {"members": members})
    await stage.put(f"{base}/nps_list/members", {"members": members[:1], "remove": ["c-3", "c-9"]})
    await stage.put(f"{base}/none/members", {"members": members})
    await stage.get(f"{base}/nps_list/members?limit=2")
    await stage.get(f"{base}/nps_list/members?after=c-1")
    stage.clock.move(days=13)
    for after in (timedelta(0), timedelta(days=2)):
        stage.clock.now += after
        stage.turn()
        for tick in ticks_of(CHANNELS):
            await tick.run(stage.runtime)
        await stage.get(f"{base}/nps_list")
    await stage.get(f"{base}/none")
    await stage.get(f"{base}/nps_list/members")
    await stage.put(f"{base}/nps_list", {**PROGRAMME, "every": "month"})
    await stage.get(base)


async def _segments(stage: Stage) -> None:
    base = "/v1/segments"
    paying = {"of": "trait", "name": "plan", "value": "pro"}
    glad = {"of": "band", "name": "recommend", "op": "one_of", "value": ["promoters", "passives"]}
    persona = {"title": "Families", "portrait": ["buys on Saturdays"], "conditions": [paying, glad]}
    await stage.put(f"{base}/families", persona)
    await stage.put(f"{base}/Bad", persona)
    await stage.put(f"{base}/none", {"title": "None", "conditions": [{"of": "trait"}]})
    await stage.put(f"{base}/empty", {"title": "Empty", "conditions": []})
    await stage.get(base)
    await stage.get(f"{base}/families")
    scores = "/v1/surveys/post_purchase/scores"
    await stage.get(f"{scores}?segment=families&repeated=latest")
    await stage.get(f"{scores}?segment=gone")
    body = {"survey": "post_purchase", "asking": {"segment": "families"}}
    await stage.put("/v1/touchpoints/order.delivered", body)
    await stage.delete(f"{base}/families")
    await stage.get(f"{base}/families")
    targets = "/v1/surveys/post_purchase/targets"
    await stage.put(targets, {"targets": [{"question": "recommend", "value": 50}]})
    await stage.put(targets, {"targets": [{"question": "none", "value": 5}]})
    await stage.put(targets, {"targets": [{"question": "recommend", "value": 101}]})
    await stage.get(targets)
    await stage.get(f"{scores}?question=recommend")
