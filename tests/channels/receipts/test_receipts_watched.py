"""Nobody rates themselves unnoticed: too many from one device or in a short time are flagged."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api
from receipt_steps import TOUCHPOINT, Shop, open_shop

from harken_server.channels.receipts.repeats import forget_device_answers

STAFF = "192.0.2.44"


async def flags(shop: Shop) -> list[list[str]]:
    return [response["flags"] for response in sorted(await shop.responses(), key=_order)]


def _order(response: dict[str, Any]) -> str:
    return response["context"].get("receipt", "")


async def test_three_receipts_from_one_device_are_flagged_and_still_count(
    api: Api, shop: Shop
) -> None:
    for number in (1, 2):
        await shop.answer(f"/R/{shop.token(number)}", 10, address=STAFF)
        api.clock.move(hours=1)
    assert await flags(shop) == [[], []]

    await shop.answer(f"/R/{shop.token(3)}", 10, address=STAFF)
    await shop.answer(f"/R/{shop.token(4)}", 3)

    assert await flags(shop) == [["same_device"]] * 3 + [[]]
    assert (await api.score())["n"] == 4


async def test_a_device_is_known_over_midnight_but_not_longer_than_a_day(
    api: Api, shop: Shop
) -> None:
    api.clock.move(hours=11, minutes=30)
    for number in (1, 2, 3):
        await shop.answer(f"/R/{shop.token(number)}", address=STAFF)
        api.clock.move(minutes=20)
    assert await flags(shop) == [["same_device"]] * 3

    api.clock.move(hours=24)
    await shop.answer(f"/R/{shop.token(4)}", address=STAFF)
    assert (await flags(shop))[3] == []


async def test_other_tills_and_other_phones_are_not_mixed_up(api: Api, shop: Shop) -> None:
    other = await open_shop(api)
    for number in (1, 2):
        await shop.answer(f"/R/{shop.token(number)}", address=STAFF)
        await other.answer(f"/R/{other.token(number)}", address=STAFF)
        await shop.answer(f"/R/{shop.token(number + 10)}", address=STAFF, agent="A tablet")

    assert not any(await flags(shop))


async def test_six_within_five_minutes_at_one_till_are_flagged(api: Api, shop: Shop) -> None:
    for number in range(5):
        await shop.answer(f"/R/{shop.token(number)}")
        api.clock.move(seconds=40)
    assert not any(await flags(shop))

    await shop.answer(f"/R/{shop.token(5)}")

    assert await flags(shop) == [["velocity"]] * 6
    assert (await api.score())["n"] == 6


async def test_one_device_with_more_receipts_than_a_till_prints_is_set_apart(
    api: Api, shop: Shop
) -> None:
    for number in range(6):
        await shop.answer(f"/R/{shop.token(number)}", 10, address=STAFF)
        api.clock.move(seconds=10)
    await shop.answer(f"/R/{shop.token(7)}", 3)

    found = sorted(await shop.responses(), key=_order)
    assert [one["standing"] for one in found] == ["quarantined"] * 6 + ["counted"]
    assert all("many_receipts" in one["flags"] for one in found[:6])
    assert (await api.score())["n"] == 1

    path = f"/v1/surveys/post_purchase/responses/{found[0]['id']}"
    assert (await api.http.patch(path, json={"standing": "counted"})).status_code == 200
    await shop.answer(f"/R/{shop.token(8)}", 10, address=STAFF)
    found = sorted(await shop.responses(), key=_order)
    assert [one["standing"] for one in found].count("quarantined") == 6
    assert found[0]["standing"] == "counted", "what somebody decided stays decided"


async def test_a_queue_at_a_sign_is_nothing_to_look_at(api: Api, shop: Shop) -> None:
    made = await api.http.post("/v1/place-codes", json={"touchpoint": TOUCHPOINT})
    path = "/R/" + made.json()["url"].rpartition("/")[2]

    for _ in range(7):
        await shop.answer(path)
    assert not any(await flags(shop))
    for _ in range(3):
        await shop.answer(path, address=STAFF)

    assert sum(found == ["same_device"] for found in await flags(shop)) == 3


async def test_answering_again_is_no_second_device_answer(api: Api, shop: Shop) -> None:
    path = f"/R/{shop.token()}"
    for _ in range(4):
        await shop.answer(path, 10, address=STAFF)

    assert await flags(shop) == [[]]
    assert (await api.runtime.db.fetch("SELECT COUNT(*) FROM device_answer"))[0][0] == 1


async def test_no_address_is_kept_and_devices_are_forgotten(api: Api, shop: Shop) -> None:
    await shop.answer(f"/R/{shop.token(1)}", address=STAFF)
    rows = await api.runtime.db.fetch("SELECT * FROM device_answer")
    assert STAFF not in str(rows)
    assert "phone" not in str(rows)

    api.clock.move(hours=23)
    await shop.answer(f"/R/{shop.token(2)}", address=STAFF)
    await forget_device_answers(api.runtime)
    assert (await api.runtime.db.fetch("SELECT COUNT(*) FROM device_answer"))[0][0] == 2
    api.clock.move(hours=2)
    await forget_device_answers(api.runtime)
    assert (await api.runtime.db.fetch("SELECT COUNT(*) FROM device_answer"))[0][0] == 1


async def test_flagged_responses_are_listed_for_review(api: Api, shop: Shop) -> None:
    for number in range(3):
        await shop.answer(f"/R/{shop.token(number)}", address=STAFF)
    await shop.answer(f"/R/{shop.token(9, days=40)}")

    first = (await api.http.get("/v1/flagged-responses", params={"limit": 2})).json()
    rest = (await api.http.get("/v1/flagged-responses", params={"after": first["cursor"]})).json()
    old = (await api.http.get("/v1/flagged-responses", params={"flag": "receipt_old"})).json()
    either = await api.http.get("/v1/flagged-responses", params={"flag": "receipt_old,same_device"})

    listed = first["responses"] + rest["responses"]
    assert [item["flags"] for item in listed] == [["same_device"]] * 3 + [["receipt_old"]]
    assert [item["standing"] for item in listed] == ["counted"] * 3 + ["unverified"]
    assert listed[0]["survey"] == "post_purchase"
    assert listed[0]["context"]["store_code"] == shop.store["code"]
    assert [item["flags"] for item in old["responses"]] == [["receipt_old"]]
    assert len(either.json()["responses"]) == 4


@pytest.mark.parametrize(
    "query", ["flag=A", "flag=a,,b", "limit=0", "limit=1001", "after=x", "x=1"]
)
async def test_a_list_that_is_asked_for_wrongly_is_refused(api: Api, query: str) -> None:
    assert (await api.http.get(f"/v1/flagged-responses?{query}")).status_code == 400
