"""Stores, tills, their keys, and codes for signs: made, listed without secrets, changed, ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from api_client import Api, problem_codes
from receipt_steps import TOUCHPOINT, open_shop

from harken_server.channels.receipts.rules.places import parse_place_code, parse_store_code


async def test_a_store_gets_a_code_that_can_be_typed(api: Api) -> None:
    made = await api.http.post("/v1/stores", json={"name": "Oslo", "details": {"city": "Oslo"}})

    assert made.status_code == 201
    store = made.json()
    assert len(store["code"]) == 6
    assert parse_store_code(store["code"].lower())
    found = await api.http.get(f"/v1/stores/{store['code'].lower().replace('-', '')}")
    assert found.json() == store
    assert (await api.http.get("/v1/stores")).json() == {"stores": [store]}


async def test_stores_come_in_pages(api: Api) -> None:
    made = [
        (await api.http.post("/v1/stores", json={"name": f"{i}"})).json()["code"] for i in range(5)
    ]

    first = (await api.http.get("/v1/stores", params={"limit": 3})).json()["stores"]
    rest = (await api.http.get("/v1/stores", params={"after": first[-1]["code"]})).json()["stores"]

    assert [store["code"] for store in first + rest] == sorted(made)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": ""}, 422),
        ({"name": "x" * 121}, 422),
        ({"name": "x", "other": 1}, 422),
        ({"name": "x", "details": {"a": 1}}, 422),
        ({"name": "x", "details": {str(i): "" for i in range(21)}}, 422),
        ({"name": "\x00"}, 400),
    ],
)
async def test_a_store_that_is_none_is_refused(api: Api, body: object, status: int) -> None:
    assert (await api.http.post("/v1/stores", json=body)).status_code == status


async def test_a_tills_configuration_is_told_once(api: Api) -> None:
    shop = await open_shop(api, locale="de")

    assert shop.made["configuration"].startswith(f"hkr1.{shop.made['number']}.0.")
    assert shop.made["configuration"].endswith(".HTTPS://FEEDBACK.EXAMPLE.COM")
    listed = (await api.http.get("/v1/tills")).json()["tills"]
    read = (await api.http.get(f"/v1/tills/{shop.made['number']}")).json()
    assert listed == [read]
    assert read == {name: value for name, value in shop.made.items() if name != "configuration"}
    assert read["locale"] == "de"
    secret = shop.made["configuration"].split(".")[3]
    rows = await api.runtime.db.fetch("SELECT * FROM till")
    assert secret not in str(rows)


async def test_tills_are_numbered_on_and_listed_by_store(api: Api) -> None:
    shop = await open_shop(api)
    body = {"name": "Till 2", "touchpoint": TOUCHPOINT}
    second = await api.http.post(f"/v1/stores/{shop.store['code']}/tills", json=body)
    other = (await api.http.post("/v1/stores", json={"name": "Bergen"})).json()
    await api.http.post(f"/v1/stores/{other['code']}/tills", json=body)

    here = await api.http.get("/v1/tills", params={"store": shop.store["code"]})

    numbers = [till["number"] for till in here.json()["tills"]]
    assert numbers == [shop.made["number"], second.json()["number"]]
    after = await api.http.get("/v1/tills", params={"after": numbers[0]})
    assert len(after.json()["tills"]) == 2


async def test_a_till_needs_a_touchpoint_that_there_is(api: Api) -> None:
    shop = await open_shop(api)
    path = f"/v1/stores/{shop.store['code']}/tills"

    unknown = await api.http.post(path, json={"name": "x", "touchpoint": "no.such"})

    assert unknown.status_code == 422
    assert problem_codes(unknown) == ["touchpoint_unknown"]
    assert (await api.http.post(path, json={"name": "x", "touchpoint": "A B"})).status_code == 422
    wrong = {"name": "x", "touchpoint": TOUCHPOINT, "locale": "german"}
    assert (await api.http.post(path, json=wrong)).status_code == 422


async def test_a_rotated_key_is_refused_at_once_or_later(api: Api) -> None:
    shop = await open_shop(api)
    number = shop.made["number"]
    until = api.clock() + timedelta(hours=8)

    await shop.rotate()
    await shop.rotate(keep_old_until=until)

    till = (await api.http.get(f"/v1/tills/{number}")).json()
    assert till["key_number"] == shop.till.key_number == 2
    assert [key["key_number"] for key in till["revoked_keys"]] == [0, 1]
    assert till["revoked_keys"][1]["revoked_at"] == "2026-11-21T20:00:00Z"


async def test_a_till_has_sixteen_keys_and_no_more(api: Api) -> None:
    shop = await open_shop(api)
    for _ in range(15):
        await shop.rotate()

    refused = await api.http.post(f"/v1/tills/{shop.made['number']}/rotate")

    assert (refused.status_code, refused.json()["code"]) == (409, "till_keys_used_up")


async def test_a_key_that_was_never_given_cannot_be_revoked(api: Api) -> None:
    shop = await open_shop(api)

    path = f"/v1/tills/{shop.made['number']}/revoke"
    refused = await api.http.post(path, json={"key_number": 1})

    assert (refused.status_code, refused.json()["code"]) == (404, "till_key_unknown")
    assert (await api.http.post(path, json={"key_number": 16})).status_code == 422


async def test_a_closed_till_gets_no_key(api: Api) -> None:
    shop = await open_shop(api)

    closed = await api.http.delete(f"/v1/tills/{shop.made['number']}")
    again = await api.http.delete(f"/v1/tills/{shop.made['number']}")
    refused = await api.http.post(f"/v1/tills/{shop.made['number']}/rotate")

    assert closed.json()["closed_at"] == again.json()["closed_at"]
    assert (refused.status_code, refused.json()["code"]) == (409, "till_closed")


@pytest.mark.parametrize("number", ["0", "99", "16777216", "-1", "x", "1" * 30, "%00"])
async def test_a_till_that_is_not_there(api: Api, number: str) -> None:
    assert (await api.http.get(f"/v1/tills/{number}")).status_code in {400, 404}


async def test_a_till_is_pointed_elsewhere(api: Api) -> None:
    shop = await open_shop(api, locale="de")
    await api.http.put("/v1/touchpoints/visit.ended", json={"survey": "post_purchase"})
    path = f"/v1/tills/{shop.made['number']}"

    changed = (await api.http.patch(path, json={"touchpoint": "visit.ended"})).json()
    renamed = (await api.http.patch(path, json={"name": "Bar", "locale": None})).json()

    assert (changed["touchpoint"], changed["name"], changed["locale"]) == (
        "visit.ended", "Till 1", "de",
    )  # fmt: skip
    assert (renamed["touchpoint"], renamed["name"]) == ("visit.ended", "Bar")
    assert "locale" not in renamed


async def test_a_place_code_is_made_changed_and_retired(api: Api) -> None:
    shop = await open_shop(api)
    await api.http.put("/v1/touchpoints/visit.ended", json={"survey": "post_purchase"})
    body = {"touchpoint": TOUCHPOINT, "label": "Door", "till": shop.made["number"]}

    made = (await api.http.post("/v1/place-codes", json=body)).json()
    changed = await api.http.patch(
        f"/v1/place-codes/{made['code'].lower()}", json={"touchpoint": "visit.ended"}
    )
    gone = await api.http.delete(f"/v1/place-codes/{made['code']}")

    code = parse_place_code(made["code"])
    assert made["url"] == f"https://feedback.example.com/r/{code}"
    assert (made["store"], made["till"]) == (shop.store["code"], "Till 1")
    assert changed.json() == {**made, "touchpoint": "visit.ended"}
    assert gone.status_code == 204
    [listed] = (await api.http.get("/v1/place-codes")).json()["place_codes"]
    assert listed["retired_at"] == "2026-11-21T12:00:00Z"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"touchpoint": "no.such"}, ["touchpoint_unknown"]),
        ({"touchpoint": TOUCHPOINT, "till": 999}, ["till_unknown"]),
        ({"touchpoint": TOUCHPOINT, "label": "x" * 121}, ["wrong_shape"]),
    ],
)
async def test_a_place_code_that_is_none_is_refused(
    api: Api, body: object, codes: list[str]
) -> None:
    await open_shop(api)

    refused = await api.http.post("/v1/place-codes", json=body)

    assert (refused.status_code, problem_codes(refused)) == (422, codes)


async def test_another_workspace_sees_and_changes_none_of_it(
    api: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    shop = await open_shop(api)
    place = (await api.http.post("/v1/place-codes", json={"touchpoint": TOUCHPOINT})).json()
    headers = {"authorization": f"Bearer {await other_workspace()}"}
    await api.http.put("/v1/touchpoints/visit.ended", json={}, headers=headers)
    till = f"/v1/tills/{shop.made['number']}"
    calls = [
        ("GET", f"/v1/stores/{shop.store['code']}", None),
        ("POST", f"/v1/stores/{shop.store['code']}/tills",
         {"name": "x", "touchpoint": "visit.ended"}),
        ("GET", till, None),
        ("PATCH", till, {"name": "x"}),
        ("POST", f"{till}/rotate", {}),
        ("POST", f"{till}/revoke", {}),
        ("DELETE", till, None),
        ("GET", f"/v1/place-codes/{place['code']}", None),
        ("PATCH", f"/v1/place-codes/{place['code']}", {"label": "x"}),
        ("DELETE", f"/v1/place-codes/{place['code']}", None),
        ("GET", f"/v1/tills?store={shop.store['code']}", None),
    ]  # fmt: skip

    for method, path, body in calls:
        reply = await api.http.request(method, path, json=body, headers=headers)
        assert reply.status_code == 404, (method, path, reply.text)
    for path in ("/v1/stores", "/v1/tills", "/v1/place-codes", "/v1/flagged-responses"):
        reply = await api.http.get(path, headers=headers)
        assert [value for value in reply.json().values() if isinstance(value, list)] == [[]]
    assert (await api.http.get(till)).json()["name"] == "Till 1"


@pytest.mark.parametrize("path", ["/v1/stores", "/v1/tills", "/v1/place-codes"])
async def test_only_a_manager_sees_stores(api: Api, path: str) -> None:
    headers = {"authorization": f"Bearer {await api.key('write')}"}

    assert (await api.http.get(path, headers=headers)).status_code == 403
