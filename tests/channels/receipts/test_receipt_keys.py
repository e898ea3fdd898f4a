"""Which receipts prove a purchase: their days, and the keys that sign them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from api_client import Api
from receipt_steps import TOUCHPOINT, Shop, open_shop

from harken.receipts import Till, mint


@pytest.mark.parametrize(
    ("ago", "flag"),
    [
        ({"minutes": -14}, None),
        ({"minutes": -17}, "receipt_future"),
        ({"days": 29}, None),
        ({"days": 31}, "receipt_old"),
    ],
)
async def test_a_receipt_is_good_for_its_days(
    api: Api, shop: Shop, ago: dict[str, float], flag: str | None
) -> None:
    await shop.answer(f"/R/{shop.token(1, **ago)}")

    [stored] = await shop.responses()
    assert stored["flags"] == ([flag] if flag else [])
    assert stored["standing"] == ("unverified" if flag else "counted")


async def test_the_touchpoint_says_for_how_many_days(api: Api, shop: Shop) -> None:
    body = {"survey": "post_purchase", "link_ttl_days": 2}
    await api.http.put(f"/v1/touchpoints/{TOUCHPOINT}", json=body)

    await shop.answer(f"/R/{shop.token(1, days=3)}")

    [stored] = await shop.responses()
    assert stored["flags"] == ["receipt_old"]


async def test_a_revoked_key_is_refused_alone(api: Api, shop: Shop) -> None:
    other = await open_shop(api)
    stolen = shop.till
    await shop.rotate()

    await shop.answer(f"/R/{stolen.mint(1, api.clock()).token}", 0)
    await shop.answer(f"/R/{shop.token(1)}", 10)
    await shop.answer(f"/R/{other.token(1)}", 10)

    found = sorted((r["standing"], r["flags"]) for r in await shop.responses())
    assert found == [("counted", []), ("counted", []), ("unverified", ["receipt_revoked"])]


async def test_an_old_key_is_good_until_its_day(api: Api, shop: Shop) -> None:
    old = shop.till
    await shop.rotate(keep_old_until=api.clock() + timedelta(hours=1))

    await shop.answer(f"/R/{old.mint(1, api.clock()).token}")
    api.clock.move(hours=1)
    await shop.answer(f"/R/{old.mint(2, api.clock()).token}")

    assert [r["flags"] for r in await shop.responses()] == [[], ["receipt_revoked"]]


async def test_a_closed_till_proves_nothing(api: Api, shop: Shop) -> None:
    await api.http.delete(f"/v1/tills/{shop.made['number']}")

    await shop.answer(f"/R/{shop.token()}")

    [stored] = await shop.responses()
    assert (stored["standing"], stored["flags"]) == ("unverified", ["receipt_revoked"])


async def test_a_key_that_was_never_given_proves_nothing(api: Api, shop: Shop) -> None:
    made = shop.made["configuration"].split(".")[3]
    ahead = Till.from_text(f"hkr1.{shop.made['number']}.1.{made}.HTTPS://X")

    await shop.answer(f"/R/{ahead.mint(1, api.clock()).token}")

    [stored] = await shop.responses()
    assert stored["flags"] == ["receipt_forged"]


async def test_a_key_of_a_till_signs_for_no_other(api: Api, shop: Shop) -> None:
    other = await open_shop(api)
    token = mint(shop.till.key, till=other.till.number, key_number=0, sequence=1, at=api.clock())

    await shop.answer(f"/R/{token}")

    [stored] = await shop.responses()
    assert stored["flags"] == ["receipt_forged"]
