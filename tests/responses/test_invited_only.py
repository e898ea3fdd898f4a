"""Surveys for invited people only, and surveys in which only what is proved counts."""

from __future__ import annotations

import pytest
from api_client import Api
from ways_in import (
    Enter,
    Open,
    by_api,
    by_button,
    by_kiosk,
    by_kiosk_item,
    by_mail,
    by_page,
    by_personal_link,
    by_receipt,
    by_text_message,
    by_trigger,
    by_widget,
    opened,
)

from harken_server.channels.page.words import PAGE_WORDS
from harken_server.kernel.languages import LANGUAGES

INVITED: list[Enter] = [by_api, by_personal_link, by_mail, by_text_message, by_receipt, by_trigger]
OTHERS: list[Enter] = [by_widget, by_kiosk, by_kiosk_item, by_button]


async def test_every_way_in_of_invited_people_is_open_and_every_other_closed(api: Api) -> None:
    there = await opened(api, {"invited_only": True})

    assert [await enter(there) for enter in INVITED] == [True] * len(INVITED)
    assert [await enter(there) for enter in OTHERS] == [False] * len(OTHERS)
    listed = (await api.http.get("/v1/widget/surveys")).json()["surveys"]
    assert [each["reason"] for each in listed] == ["not_open"]


@pytest.mark.parametrize("path", ["/s/post_purchase", "/s/post_purchase?rid=c-7"])
async def test_the_page_says_so_in_every_language_and_stores_nothing(api: Api, path: str) -> None:
    there = await opened(api, {})
    page = await api.http.get(path)  # opened while anybody might, in an earlier version
    await opened_for_invited(there)

    for language in LANGUAGES:
        reply = await api.http.get(path, headers={"accept-language": language})
        assert reply.status_code == 403
        assert PAGE_WORDS.of(language).invited_only_title in reply.text
    form = {"r": page.text.partition('name="r" value="')[2].partition('"')[0], "v": "1"}
    sent = await api.http.post(path, data={**form, "after": "", "go": "next", "a_recommend": "9"})

    assert sent.status_code == 403
    assert await there.shop.responses() == []


async def opened_for_invited(there: Open) -> None:
    survey = (await there.api.http.get("/v1/surveys/post_purchase")).json()["definition"]
    pushed = await there.api.push({**survey, "asking": {"invited_only": True}})
    assert pushed.status_code == 201, pushed.text
    assert {"kind": "additive", "path": "$.asking.invited_only"}.items() <= next(
        each for each in pushed.json()["changes"] if each["path"].endswith("invited_only")
    ).items()


async def test_strangers_need_an_invitation_and_whoever_has_begun_may_finish(api: Api) -> None:
    there = await opened(api, {})
    held = api.http.headers.pop("authorization")
    begun = {"id": "018f3a52-0000-7000-8000-00000000000a", "resume": "of this browser"}
    assert (await api.submit({}, **begun, complete=False)).status_code == 201
    api.http.headers["authorization"] = held
    await opened_for_invited(there)
    signed = {"respondent": "ada", "signature": "1.nonsense.1.x"}
    del api.http.headers["authorization"]

    refused = [await api.submit({"recommend": 9}, **more) for more in ({}, signed, {"version": 1})]
    finished = await api.submit({"recommend": 9}, **begun, sequence=2)
    invited = await api.submit({"recommend": 9}, token=there.links[0])

    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (403, "invitation_needed")
    ] * 3
    assert [finished.status_code, invited.status_code] == [201, 201]


async def test_what_anybody_could_have_sent_is_kept_apart_where_the_survey_says_so(
    api: Api,
) -> None:
    there = await opened(api, {"counts_proved_only": True, "closes_after": 2})
    assert await by_button(there)
    assert (await there.shop.answer("/s/post_purchase", 0)).status_code == 200
    assert (await there.shop.answer(f"/i/{there.links[0]}", 9)).status_code == 200
    assert await by_kiosk_item(there)

    found = [(one["origin_proof"], one["standing"]) for one in await there.shop.responses()]
    assert found == [("", "unverified"), ("", "unverified"), ("link", "counted"),
                     ("device", "counted")]  # fmt: skip
    assert (await api.score())["n"] == 2
    assert not await by_page(there)  # two count, and two were wanted
