"""Names that the house gives its keys, stores, tills and kiosks: one line that can be seen."""

from __future__ import annotations

from typing import Any

from api_client import Api
from hostile_texts import DIRECTION
from tiers import POSTGRES_NIGHTLY

pytestmark = POSTGRES_NIGHTLY
HIDDEN = [*DIRECTION, *"\n\t\x1b\x7f\x9b\u200b\u2028\ufeff"]
MADE: dict[str, dict[str, Any]] = {
    "/v1/keys": {"scopes": ["read"]},
    "/v1/stores": {},
    "/v1/devices": {"touchpoint": "shop.door", "survey": "post_purchase"},
    "/v1/stores/{store}/tills": {"touchpoint": "order.delivered"},
}


async def test_a_name_that_holds_what_nobody_sees_is_refused(live: Api) -> None:
    store = (await live.http.post("/v1/stores", json={"name": "Oslo"})).json()["code"]
    for path, body in MADE.items():
        address = path.format(store=store)
        for sign in HIDDEN:
            reply = await live.http.post(address, json={**body, "name": f"Oslo{sign}olsO"})
            assert reply.status_code == 422, (path, reply.text)
            assert f"`name` must not hold U+{ord(sign):04X}" in reply.text
        made = await live.http.post(address, json={**body, "name": "Oslo \u0645\u06cc\u200c\u062e"})
        assert made.status_code == 201, made.text


async def test_no_key_ends_with_a_line_break(live: Api) -> None:
    store = (await live.http.post("/v1/stores", json={"name": "Oslo"})).json()["code"]
    till = {"name": "a", "touchpoint": "order.delivered"}
    device = {"name": "a", "touchpoint": "shop.door", "survey": "post_purchase"}

    for method, path, body in (
        ("POST", "/v1/devices", device | {"touchpoint": "shop.door\n"}),
        ("POST", "/v1/devices", device | {"survey": "post_purchase\n"}),
        ("POST", f"/v1/stores/{store}/tills", till | {"touchpoint": "order.delivered\n"}),
        ("POST", f"/v1/stores/{store}/tills", till | {"locale": "de\n"}),
        ("PUT", "/v1/touchpoints/shop.door%0A", {}),
        ("POST", "/v1/triggers", {"touchpoint": "order.delivered\n"}),
    ):
        reply = await live.http.request(method, path, json=body)
        assert reply.status_code in {400, 404, 422}, (path, reply.text)
