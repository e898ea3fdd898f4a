"""A shop that takes answers by every way in, and whether somebody who comes by one may begin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from api_client import Api
from receipt_steps import SURVEY, Shop, open_shop

from harken_server.workspaces.access import WorkspaceCatalog

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


async def opened(api: Api, asking: dict[str, Any], **survey: Any) -> Open:
    """`survey` is what else it says."""
    there = Open(api, await open_shop(api, {**SURVEY, **survey}))
    pushed = await api.push({**SURVEY, **survey, "asking": asking})
    assert pushed.status_code in {200, 201}, pushed.text
    await there.prepare()
    return there
