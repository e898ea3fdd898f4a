"""Receipts without a signature: typed numbers, numbers put into an address, and codes for signs."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

import pytest
from api_client import Api
from receipt_steps import TOUCHPOINT, Shop, form_id_of


async def place(api: Api, **more: object) -> str:
    """The path of a new place code."""
    made = await api.http.post("/v1/place-codes", json={"touchpoint": TOUCHPOINT, **more})
    assert made.status_code == 201, made.text
    return urlsplit(made.json()["url"]).path


def typed(shop: Shop, number: str, **more: str) -> str:
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/r/typed?store={shop.store['code']}&number={number}{extra}"


@pytest.mark.parametrize(
    ("path", "action"),
    [("/r", "r/typed"), ("/R", "R/typed"), ("/r/typed", "typed"), ("/r/nothing", "typed")],
)
async def test_the_form_leads_to_the_survey(api: Api, shop: Shop, path: str, action: str) -> None:
    page = await api.http.get(path)

    assert page.status_code == (404 if path == "/r/nothing" else 200)
    assert f'<form method="get" action="{action}"' in page.text
    assert re.findall(r'<input id="(\w+)"', page.text) == ["store", "number", "date"]
    assert "no-referrer" in page.headers["referrer-policy"]
    assert "set-cookie" not in page.headers


async def test_a_typed_receipt_is_answered_but_does_not_count(api: Api, shop: Shop) -> None:
    thanks = await shop.answer(typed(shop, "00-1734", date="2026-11-20"))

    assert "Thank you" in thanks.text
    [stored] = await shop.responses()
    assert (stored["standing"], stored["flags"]) == ("unverified", ["receipt_typed"])
    assert stored["context"] == {
        "store": "Oslo", "store_code": shop.store["code"], "receipt": "001734",
        "date": "2026-11-20",
    }  # fmt: skip
    assert (stored["channel"], stored["touchpoint"]) == ("receipt", TOUCHPOINT)
    assert (await api.score())["n"] == 0


async def test_each_number_is_answered_once_however_it_is_typed(shop: Shop) -> None:
    await shop.answer(typed(shop, "A-1734"), 10)

    again = await shop.answer(typed(shop, "a1734", date="2026-11-19"), 0)
    await shop.answer(typed(shop, "A1735"), 10)

    assert again.status_code == 410
    assert len(await shop.responses()) == 2


async def test_a_number_typed_twenty_times_at_once_is_one_response(shop: Shop) -> None:
    path = typed(shop, "1734")
    fields = {"v": "1", "after": "", "go": "next"}

    async with shop.visitor("198.51.100.1") as http:
        fields["r"] = form_id_of(await http.get(path))
        said = await asyncio.gather(
            *(http.post(path, data={**fields, "a_recommend": str(i % 11)}) for i in range(20))
        )

    assert {reply.status_code for reply in said} == {200, 410}
    assert len(await shop.responses()) == 1


async def test_what_was_mistyped_is_said_and_kept(api: Api, shop: Shop) -> None:
    code = shop.store["code"]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    reply = await api.http.get(
        "/r/typed", params={"store": wrong, "number": "%%", "date": "tomorrow<b>"}
    )

    assert reply.status_code == 422
    assert "Please check the store code" in reply.text
    assert "Please enter the receipt number" in reply.text
    assert "Please enter a date" in reply.text
    assert f'value="{wrong}"' in reply.text
    assert "tomorrow&lt;b&gt;" in reply.text


async def test_only_what_is_wrong_is_named(api: Api, shop: Shop) -> None:
    reply = await api.http.get("/r/typed", params={"store": shop.store["code"], "number": ""})

    assert reply.status_code == 422
    assert "Please enter the receipt number" in reply.text
    assert "Please check the store code" not in reply.text


async def test_a_store_that_there_is_not_is_said(api: Api, shop: Shop) -> None:
    reply = await api.http.get(
        "/r/typed", params={"store": "ZZZZ-" + _check("ZZZZ"), "number": "1"}
    )

    assert reply.status_code == 404
    assert "We cannot find this receipt" in reply.text


async def test_the_form_speaks_the_browsers_language(api: Api) -> None:
    german = await api.http.get("/r", headers={"accept-language": "de-AT"})
    arabic = await api.http.get("/r", headers={"accept-language": "ar"})

    assert "Belegnummer" in german.text
    assert 'dir="rtl"' in arabic.text


async def test_a_number_in_the_address_is_answered_once_and_does_not_count(
    api: Api, shop: Shop
) -> None:
    path = await place(api, till=shop.made["number"])

    await shop.answer(f"{path}?n=001734", 10)
    again = await shop.answer(f"{path.lower()}?n=001734", 0)
    await shop.answer(f"{path}?n=001735", 9)

    assert again.status_code == 410
    stored = await shop.responses()
    assert {r["standing"] for r in stored} == {"unverified"}
    assert [r["flags"] for r in stored] == [["receipt_unsigned"]] * 2
    assert stored[0]["context"] == {
        "store": "Oslo", "store_code": shop.store["code"], "till": "Till 1", "receipt": "001734",
    }  # fmt: skip
    assert (await api.score())["n"] == 0


async def test_the_page_is_sent_with_its_query_so_that_the_number_stays(
    api: Api, shop: Shop
) -> None:
    path = await place(api, label="Till", store=shop.store["code"])

    page = await api.http.get(f"{path}?n=A%2F1")

    [form] = re.findall("<form[^>]*>", page.text)
    assert 'method="post"' in form
    assert ' action="?n=A%2F1&amp;go"' in form


async def test_a_number_that_is_none_does_not_count_either(api: Api, shop: Shop) -> None:
    path = await place(api)

    await shop.answer(f"{path}?n=%7Bnumber%7D%7B%7D", 10)
    await shop.answer(f"{path}?n=%2D", 10)

    assert {r["standing"] for r in await shop.responses()} == {"unverified"}


async def test_a_sign_is_answered_by_everybody_and_counts(api: Api, shop: Shop) -> None:
    path = await place(api, label="Door", store=shop.store["code"])

    for score in (10, 9, 0):
        await shop.answer(path, score)

    stored = await shop.responses()
    assert [r["standing"] for r in stored] == ["counted"] * 3
    assert {r["touchpoint"] for r in stored} == {TOUCHPOINT}
    assert {r["channel"] for r in stored} == {"receipt"}
    assert stored[0]["context"] == {"store": "Oslo", "store_code": shop.store["code"]}
    assert (await api.score())["n"] == 3


async def test_a_sign_is_pointed_elsewhere_without_printing(api: Api, shop: Shop) -> None:
    await api.http.put("/v1/touchpoints/visit.ended", json={"survey": "post_purchase"})
    path = await place(api)
    await shop.answer(path)

    code = path.rpartition("/")[2]
    await api.http.patch(f"/v1/place-codes/{code}", json={"touchpoint": "visit.ended"})
    await shop.answer(path)

    assert [r["touchpoint"] for r in await shop.responses()] == [TOUCHPOINT, "visit.ended"]


async def test_a_retired_sign_offers_the_form(api: Api, shop: Shop) -> None:
    path = await place(api)
    await api.http.delete(f"/v1/place-codes/{path.rpartition('/')[2]}")

    reply = await api.http.get(path)

    assert reply.status_code == 404
    assert 'name="store"' in reply.text


async def test_a_store_without_a_till_takes_no_typed_receipt(api: Api, shop: Shop) -> None:
    await api.http.delete(f"/v1/tills/{shop.made['number']}")

    assert (await api.http.get(typed(shop, "1"))).status_code == 404


def _check(data: str) -> str:
    from harken_server.invitations.codes import check_character

    return check_character(data)
