"""One of everything that has an id, in the first workspace."""

from __future__ import annotations

from uuid import uuid4

from api_client import Api


async def one_of_each(live: Api) -> dict[str, str]:
    """What stands in a path, by the word before it; the survey of `live` is published."""
    http = live.http
    response = str(uuid4())
    await live.submit({"recommend": 9}, id=response)
    await http.put("/v1/touchpoints/order.delivered", json={"survey": "post_purchase"})
    await http.put("/v1/suppressions/customer-9", json={})
    key = await http.post("/v1/keys", json={"name": "x", "scopes": ["read"]})
    await http.put("/v1/touchpoints/store.till", json={"survey": "post_purchase"})
    sent = {"respondent": "c-1", "channel": "email", "email": "kim@example.com"}
    asked = (await live.trigger(**sent, traits={"plan": "pro"})).json()
    journey = await http.post("/v1/journeys/templates/customer_lifecycle")
    programme = {
        "survey": "post_purchase", "touchpoint": "order.delivered", "channel": "email",
        "every": "quarter", "starts_on": "2027-01-01",
    }  # fmt: skip
    made = await http.put("/v1/programmes/relationship", json=programme)
    paying = {"title": "Paying", "conditions": [{"of": "trait", "name": "plan", "value": "pro"}]}
    segment = await http.put("/v1/segments/paying", json=paying)
    store = (await http.post("/v1/stores", json={"name": "Storgata 9"})).json()
    till = await http.post(
        f"/v1/stores/{store['code']}/tills", json={"name": "One", "touchpoint": "store.till"}
    )
    place = await http.post("/v1/place-codes", json={"touchpoint": "store.till"})
    device = await http.post("/v1/devices", json={"name": "Door", "touchpoint": "store.till"})
    happened = await http.post("/v1/annotations", json={"title": "Release 3", "day": "2026-11-20"})
    export = await http.post("/v1/exports", json={"survey": "post_purchase"})
    for reply in (export, key, journey, made, segment, till, place, device, happened):
        assert reply.status_code in {200, 201, 202}, reply.text
    return {
        "surveys": "post_purchase",
        "intake": "reviews",
        "responses": response,
        "touchpoints": "order.delivered",
        "suppressions": "customer-9",
        "respondents": "c-1",
        "keys": key.json()["id"],
        "decisions": asked["id"],
        "deliveries": asked["delivery"],
        "invitations": asked["invitation"]["id"],
        "journeys": "customer_lifecycle",
        "templates": "customer_lifecycle",
        "programmes": "relationship",
        "segments": "paying",
        "stores": store["code"],
        "tills": str(till.json()["number"]),
        "place-codes": place.json()["code"],
        "devices": device.json()["id"],
        "annotations": happened.json()["id"],
        "exports": export.json()["id"],
        "escalations": await escalate(live),
        "links": await link_of(live),
        "sheets": await sheet_of(live),
    }


async def link_of(live: Api) -> str:
    """The id of a signed link."""
    await live.http.post("/v1/surveys/post_purchase/results-link")
    return (await live.http.get("/v1/links")).json()["links"][0]["id"]


async def sheet_of(live: Api) -> str:
    """The id of a token for a spreadsheet."""
    made = await live.http.post("/v1/surveys/post_purchase/sheets", json={"name": "Weekly"})
    return made.json()["id"]


async def escalate(live: Api) -> str:
    """The id of an open escalation: somebody answered poorly twice."""
    for number in range(3):
        asked = (await live.trigger(f"poor-{number}", respondent="c-2")).json()
        if asked["asked"]:
            token = asked["invitation"]["code"]
            body = {"id": str(uuid4()), "token": token, "answers": {"recommend": 0}}
            await live.http.post("/v1/public/responses", json=body)
        live.clock.move(days=31)
    listed = (await live.http.get("/v1/escalations")).json()["escalations"]
    return listed[0]["id"]
