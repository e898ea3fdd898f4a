"""A receipt's address is the survey's page: who may answer, how often, and what it counts for."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from api_client import Api, let_in
from receipt_steps import TOUCHPOINT, Shop, form_id_of, open_shop

from harken.receipts import Till
from harken_server.channels.receipts.open import receipt_lookup_of
from harken_server.invitations.codes import ALPHABET


def flipped(token: str, bit: int) -> str:
    number = 0
    for letter in token:
        number = number << 5 | ALPHABET.index(letter)
    number ^= 1 << 5 * len(token) - 1 - bit
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(len(token))))


async def rows_of(api: Api, table: str) -> int:
    return (await api.runtime.db.fetch(f"SELECT COUNT(*) FROM {table}"))[0][0]


async def test_the_address_is_the_page_and_its_answer_counts(api: Api, shop: Shop) -> None:
    token = shop.token(7)

    async with shop.visitor("198.51.100.1") as http:
        page = await http.get(f"/R/{token}")
    thanks = await shop.answer(f"/R/{token}", 10)

    assert page.status_code == 200
    assert "Recommend Oslo?" in page.text
    assert "Thank you" in thanks.text
    [stored] = await shop.responses()
    assert stored["standing"] == "counted"
    assert stored["flags"] == []
    assert (stored["channel"], stored["touchpoint"]) == ("receipt", TOUCHPOINT)
    minute = stored["context"].pop("receipt").split("-")
    assert (minute[0], minute[2]) == (str(shop.made["number"]), "7")
    place = {"store": "Oslo", "store_code": shop.store["code"], "till": "Till 1"}
    assert stored["context"] == place
    assert (await api.score())["n"] == 1


@pytest.mark.parametrize("strong", [False, True])
@pytest.mark.parametrize("path", ["/r/", "/R/"])
async def test_both_cases_and_both_lengths_are_served(shop: Shop, path: str, strong: bool) -> None:
    token = shop.token(1, strong=strong)

    spelled = token.lower().replace("0", "o") if path == "/r/" else token
    await shop.answer(path + spelled)

    [stored] = await shop.responses()
    assert stored["standing"] == "counted"


async def test_looking_stores_nothing(api: Api, shop: Shop) -> None:
    for path in (f"/R/{shop.token()}", f"/r/{flipped(shop.token(), 127)}", "/r"):
        assert (await api.http.get(path)).status_code == 200
        head = await api.http.head(path)
        assert (head.status_code, head.content) == (200, b"")

    assert await rows_of(api, "invitation") == 0
    assert await rows_of(api, "response") == 0
    assert await rows_of(api, "device_answer") == 0


async def test_a_second_scan_says_that_it_was_answered(shop: Shop) -> None:
    path = f"/R/{shop.token()}"
    await shop.answer(path, 10)

    async with shop.visitor("198.51.100.9") as http:
        scanned = await http.get(path)
    other = await shop.answer(path, 0)

    assert scanned.status_code == 410
    assert "already answered" in scanned.text
    assert other.status_code == 410
    assert [response["answers"] for response in await shop.responses()] == [{"recommend": 10}]


async def test_fifty_at_once_from_two_devices_are_one_response(api: Api, shop: Shop) -> None:
    path = f"/r/{shop.token()}"
    fields = {"v": "1", "after": "", "go": "next"}

    async def post(http: Any, score: int) -> tuple[int, str]:
        reply = await http.post(path, data={**fields, "r": ids[score], "a_recommend": str(score)})
        return reply.status_code, reply.text

    async with shop.visitor("198.51.100.1") as one, shop.visitor("198.51.100.2") as two:
        ids = {10: form_id_of(await one.get(path)), 0: form_id_of(await two.get(path))}
        api.clock.move(seconds=2)  # nobody answers sooner
        said = await asyncio.gather(*(post((one, two)[i % 2], (10, 0)[i % 2]) for i in range(50)))

    [stored] = await shop.responses()
    kept = 0 if stored["answers"]["recommend"] == 10 else 1
    assert {status for status, _ in said[kept::2]} == {200}
    assert {status for status, _ in said[1 - kept :: 2]} == {410}
    assert all("already answered" in text for status, text in said if status == 410)
    assert await rows_of(api, "invitation") == 1
    assert (await api.score())["n"] == 1


async def test_two_pages_are_one_response(api: Api) -> None:
    shop = await open_shop(api)
    survey = (await api.http.get("/v1/surveys/post_purchase")).json()["definition"]
    survey["questions"].append({"type": "long_text", "key": "why", "text": "Why?"})
    survey["presentation"] = {"pages": "question"}
    assert (await api.push(survey)).status_code == 201
    path = f"/R/{shop.token()}"
    async with shop.visitor("198.51.100.1") as http:
        fields = {"r": form_id_of(await http.get(path)), "v": "2", "go": "next"}
        api.clock.move(seconds=2)
        first = await http.post(path, data={**fields, "after": "", "a_recommend": "9"})
        assert "Why?" in first.text
        opened_anew = await http.get(path)
        assert " checked>" not in opened_anew.text
        last = await http.post(path, data={**fields, "after": "recommend", "a_why": "Quick"})
        assert "Thank you" in last.text

    [stored] = await shop.responses()
    assert stored["answers"] == {"recommend": 9, "why": "Quick"}
    assert stored["standing"] == "counted"
    assert await rows_of(api, "device_answer") == 1


async def test_an_altered_receipt_is_answered_but_does_not_count(api: Api, shop: Shop) -> None:
    token = shop.token(5)
    forged = [flipped(token, bit) for bit in (8 * 6 + 7, 8 * 9 + 7, 8 * 10, 127)]

    for text in forged:
        assert "Thank you" in (await shop.answer(f"/R/{text}", 0)).text
    await shop.answer(f"/R/{token}", 10)

    stored = {response["standing"]: response for response in await shop.responses()}
    assert set(stored) == {"unverified", "counted"}
    assert stored["unverified"]["flags"] == ["receipt_forged"]
    assert stored["counted"]["answers"] == {"recommend": 10}
    assert len(await shop.responses()) == 5
    assert (await api.score())["n"] == 1


async def test_no_flipped_bit_of_a_token_counts(api: Api, shop: Shop) -> None:
    token = shop.token(5)
    open_receipt = receipt_lookup_of(api.runtime)

    from harken_server.channels.receipts.open import open_printed
    from harken_server.kernel.errors import NotFoundError

    seen = {"counted": 0, "unverified": 0, "unknown": 0}
    for bit in range(130):
        try:
            opened = await open_printed(open_receipt, flipped(token, bit), None)
            seen[opened.standing] += 1
        except NotFoundError:
            seen["unknown"] += 1

    # 4 bits of version, 24 of the till, 2 behind the last byte lead nowhere.
    assert seen == {"counted": 0, "unverified": 100, "unknown": 30}


async def test_an_unknown_till_leads_to_the_form_to_type(api: Api, shop: Shop) -> None:
    stranger = Till(99_999, 0, bytes(32), "https://x.example")

    reply = await api.http.get(f"/R/{stranger.mint(1, api.clock()).token}")

    assert reply.status_code == 404
    assert "We cannot find this receipt" in reply.text
    assert 'name="store"' in reply.text
    assert re.search(r'<form method="get" action="typed"', reply.text)


async def test_receipts_lead_to_what_their_till_asks_now(api: Api, shop: Shop) -> None:
    survey = {**(await api.http.get("/v1/surveys/post_purchase")).json()["definition"]}
    survey |= {"key": "other_visit", "title": "Other", "touchpoints": ["visit.ended"]}
    assert (await api.push(survey)).status_code == 201
    token = shop.token()
    path = f"/v1/tills/{shop.made['number']}"
    await api.http.patch(path, json={"touchpoint": "visit.ended"})

    await shop.answer(f"/R/{token}")

    stored = (await api.http.get("/v1/surveys/other_visit/responses")).json()["responses"]
    assert [response["touchpoint"] for response in stored] == ["visit.ended"]


async def test_a_touchpoint_without_a_survey_and_a_closed_survey_say_so(
    api: Api, shop: Shop
) -> None:
    await api.http.put("/v1/touchpoints/visit.ended", json={})
    path = f"/v1/tills/{shop.made['number']}"
    await api.http.patch(path, json={"touchpoint": "visit.ended"})

    nowhere = await api.http.get(f"/R/{shop.token()}")

    assert nowhere.status_code == 404
    assert "We cannot find this survey" in nowhere.text


async def test_the_tills_locale_is_the_pages(api: Api) -> None:
    shop = await open_shop(api, locale="de")

    page = await api.http.get(f"/R/{shop.token()}", headers={"accept-language": "en"})

    assert '<html lang="de"' in page.text


async def test_guessing_is_slowed_down(api: Api, shop: Shop) -> None:
    said: list[int] = []
    let_in(api.runtime, 20)
    async with shop.visitor("203.0.113.7") as http:
        while 429 not in said and len(said) < 60:
            reply = await http.get(f"/R/{flipped(shop.token(len(said)), 127)}")
            said.append(reply.status_code)

    assert said[0] == 200
    assert said[-1] == 429


async def test_forged_receipts_are_counted_by_store_in_the_log(
    api: Api, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "harken.receipts")
    token = flipped(shop.token(), 127)

    for _ in range(3):
        await api.http.get(f"/R/{token}")

    lines = [record for record in caplog.records if record.name == "harken.receipts"]
    assert [record.forged_here for record in lines] == [1, 2, 3]
    assert {record.store for record in lines} == {shop.store["code"].replace("-", "")}
    assert token not in caplog.text


async def test_an_unverified_response_can_be_counted_by_hand(api: Api, shop: Shop) -> None:
    await shop.answer(f"/R/{shop.token(1, days=40)}", 10)
    [stored] = await shop.responses()

    path = f"/v1/surveys/post_purchase/responses/{stored['id']}"
    await api.http.patch(path, json={"standing": "counted"})

    assert (await api.score())["n"] == 1


async def test_nobody_takes_a_receipts_place_through_the_open_api(api: Api, shop: Shop) -> None:
    """The id of its response cannot be foreseen by whoever reads the token."""
    token = shop.token()
    await shop.answer(f"/R/{flipped(token, 127)}", 0)
    [forged] = await shop.responses()

    await shop.answer(f"/R/{token}", 10)

    [real] = [r for r in await shop.responses() if r["id"] != forged["id"]]
    assert real["standing"] == "counted"
