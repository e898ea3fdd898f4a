"""Every way in and every limit: what has closed by itself is closed to who has not begun."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from api_client import NOW, Api
from receipt_steps import SURVEY, Shop, open_shop

from harken_server.workspaces.access import WorkspaceCatalog

CLOSES = NOW + timedelta(days=1)
IN_STORE = {"of": "context", "name": "store", "value": "oslo-3"}
LIMITS: dict[str, dict[str, Any]] = {
    "closes_at": {"closes_at": CLOSES.isoformat()},
    "closes_after": {"closes_after": 1},
    "quota": {"quotas": [{"name": "all", "limit": 1}]},
}
Enter = Callable[["Open"], Awaitable[bool]]
"""Whether somebody who comes this way may begin."""


class Open:
    """A shop whose survey is open, with everything ready to be used after it has closed."""

    def __init__(self, api: Api, shop: Shop) -> None:
        self.api, self.shop = api, shop
        self.links: list[str] = []
        self.device: dict[str, str] = {}
        self.public = ""

    async def prepare(self) -> None:
        for channel in ("web", "email", "sms"):
            about = {"channel": channel, "email": f"{channel}@x.io", "respondent": f"c-{channel}"}
            self.links.append((await self.api.trigger(**about)).json()["invitation"]["code"])
        self.public = await self.api.key("public")
        body = {"name": "Door", "touchpoint": "order.delivered", "survey": "post_purchase"}
        made = (await self.api.http.post("/v1/devices", json=body)).json()
        code = {"code": made["pairing_code"]}
        paired = await self.api.http.post("/v1/public/kiosk/pair", json=code)
        self.device = {"authorization": f"Bearer {paired.json()['token']}"}

    async def close(self, limit: str) -> None:
        if limit == "closes_at":
            self.api.clock.move(days=1)
        else:
            assert (await self.api.submit({"recommend": 9})).status_code == 201
            self.api.clock.move(seconds=5)
        self.api.runtime.of(WorkspaceCatalog).forget()  # as a second would

    async def is_page_open(self, path: str) -> bool:
        reply = await self.api.http.get(path)
        assert reply.status_code == 200 or "closed" in reply.text, reply.text
        assert reply.status_code in {200, 410}
        return reply.status_code == 200


async def by_api(there: Open) -> bool:
    reply = await there.api.submit({"recommend": 9})
    assert reply.status_code == 201 or reply.json()["code"] == "survey_closed"
    return reply.status_code == 201


async def by_page(there: Open) -> bool:
    return await there.is_page_open("/s/post_purchase")


async def by_personal_link(there: Open) -> bool:
    return await there.is_page_open(f"/i/{there.links[0]}")


async def by_mail(there: Open) -> bool:
    return await there.is_page_open(f"/e/{there.links[1]}")


async def by_text_message(there: Open) -> bool:
    body = {"token": there.links[2], "channel": "sms"}
    reply = await there.api.http.post("/v1/public/replies", json=body)
    assert reply.status_code == 200 or reply.json()["code"] == "survey_closed"
    return reply.status_code == 200


async def by_receipt(there: Open) -> bool:
    return await there.is_page_open(f"/r/{there.shop.token(7)}")


async def by_widget(there: Open) -> bool:
    query = {"key": there.public, "survey": "post_purchase"}
    reply = await there.api.http.get("/widget/config", params=query)
    assert reply.status_code == 200, reply.text
    return [survey["key"] for survey in reply.json()["surveys"]] == ["post_purchase"]


async def by_kiosk(there: Open) -> bool:
    reply = await there.api.http.get("/v1/public/kiosk/config", headers=there.device)
    assert reply.status_code == 200, reply.text
    return reply.json()["surveys"] != []


async def by_kiosk_item(there: Open) -> bool:
    sent = {"sequence": 9, "survey": "post_purchase", "answers": {"recommend": 9}}
    reply = await there.api.http.post(
        "/v1/public/kiosk/responses", json={"items": [sent]}, headers=there.device
    )
    return reply.json()["results"][0]["outcome"] == "stored"


async def by_button(there: Open) -> bool:
    press = {"id": "1", "survey": "post_purchase", "answers": {"recommend": 9}}
    headers = {"authorization": f"Bearer {there.public}"}
    reply = await there.api.http.post("/v1/public/presses", json=[press], headers=headers)
    return "receipt" in reply.json()["results"][0]


async def by_trigger(there: Open) -> bool:
    return (await there.api.trigger(respondent="new")).json()["asked"]


WAYS: list[Enter] = [
    by_api, by_page, by_personal_link, by_mail, by_text_message, by_receipt, by_widget, by_kiosk,
    by_kiosk_item, by_button, by_trigger,
]  # fmt: skip


async def opened(api: Api, asking: dict[str, Any]) -> Open:
    there = Open(api, await open_shop(api))
    pushed = await api.push({**SURVEY, "asking": asking})
    assert pushed.status_code in {200, 201}, pushed.text
    await there.prepare()
    return there


@pytest.mark.parametrize("enter", WAYS)
async def test_every_way_in_is_open_while_there_is_room(api: Api, enter: Enter) -> None:
    later = (CLOSES + timedelta(days=1)).isoformat()
    quotas = [{"name": "all", "limit": 5}]
    there = await opened(api, {"closes_at": later, "closes_after": 5, "quotas": quotas})

    await there.close("closes_at")

    assert await enter(there)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("enter", WAYS)
async def test_every_way_in_closes_by_itself(api: Api, enter: Enter, limit: str) -> None:
    there = await opened(api, LIMITS[limit])

    await there.close(limit)

    assert not await enter(there)


@pytest.mark.parametrize("limit", LIMITS)
async def test_whoever_has_begun_may_finish_and_a_repeat_has_its_receipt(
    api: Api, limit: str
) -> None:
    there = await opened(api, LIMITS[limit])
    begun = {"id": str(uuid4()), "resume": "of this browser"}
    first = await api.submit({}, **begun, complete=False)
    assert first.status_code == 201, first.text
    await there.close(limit)

    again = await api.submit({}, **begun, complete=False)
    last = await api.submit({"recommend": 9}, **begun, sequence=2)

    assert again.json() == first.json()
    assert (last.status_code, last.json()["complete"]) == (201, True)


async def test_what_was_answered_on_a_device_before_the_time_is_taken_after_it(api: Api) -> None:
    there = await opened(api, LIMITS["closes_at"])
    api.clock.move(days=1, minutes=10)

    answered_before = await api.submit({"recommend": 9}, waited_ms=20 * 60_000)
    opened_before = await api.submit(
        {"recommend": 9}, started_at=(CLOSES - timedelta(minutes=5)).isoformat()
    )
    long_ago = await api.submit(
        {"recommend": 9}, started_at=(CLOSES - timedelta(hours=2)).isoformat()
    )

    assert not await by_api(there)
    replies = (answered_before, opened_before, long_ago)
    assert [reply.status_code for reply in replies] == [201, 201, 410]


async def test_a_full_quota_closes_to_those_who_belong_to_it_and_to_no_others(api: Api) -> None:
    asking = {"quotas": [{"name": "oslo", "limit": 1, "where": [IN_STORE]}]}
    there = await opened(api, asking)
    oslo = {"context": {"store": "oslo-3"}}
    assert (await api.submit({"recommend": 9}, **oslo)).status_code == 201

    another = await api.submit({"recommend": 9}, **oslo)
    elsewhere = await api.submit({"recommend": 9}, context={"store": "bergen-1"})

    assert (another.status_code, another.json()["code"]) == (410, "survey_closed")
    assert "quota oslo has the 1 answer that it wants" in another.json()["detail"]
    assert elsewhere.status_code == 201
    assert await by_page(there)


@pytest.mark.parametrize("is_proved", [True, False])
async def test_a_claimed_name_fills_no_quota_of_that_person(api: Api, is_proved: bool) -> None:
    where = [{"of": "trait", "name": "plan", "value": "pro"}]
    await opened(api, {"quotas": [{"name": "pro", "limit": 1, "where": where}]})
    for name in ("ada", "kim"):
        await api.trigger(respondent=name, traits={"plan": "pro"})
    held = api.http.headers.pop("authorization")
    if is_proved:
        api.http.headers["authorization"] = held
    assert (await api.submit({"recommend": 9}, respondent="ada")).status_code == 201
    api.http.headers["authorization"] = held

    told = (await api.trigger(respondent="kim", touchpoint="order.delivered")).json()
    other = await api.submit({"recommend": 9}, respondent="kim")

    assert (told["reason"] == "quota_full") is is_proved
    assert other.status_code == (410 if is_proved else 201)
