"""`/s/{survey}?rid=`: one unverified response a name, and nothing shown of anybody else's."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from api_client import Api

from harken_server.responses.response import StoredResponse
from harken_server.responses.store.read import list_responses
from harken_server.surveys.store.surveys import get_survey

PAGE = "/s/post_purchase?rid=c-1017"
QUESTIONS = [
    {"type": "nps", "key": "recommend", "text": "Recommend?", "required": True},
    {"type": "long_text", "key": "why", "text": "Why?"},
]
SURVEY: dict[str, Any] = {
    "key": "post_purchase", "title": "Your order", "touchpoints": ["order.delivered"],
    "questions": QUESTIONS, "presentation": {"pages": "question"},
}  # fmt: skip


@pytest.fixture
async def paged(api: Api) -> Api:
    reply = await api.push(SURVEY)
    assert reply.status_code == 201, reply.text
    return api


def fields(page: httpx.Response) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return dict(hidden)


async def send(api: Api, page: httpx.Response, **answers: str) -> httpx.Response:
    return await api.http.post(page.url, data={**fields(page), "go": "next", **answers})


async def stored(api: Api) -> list[StoredResponse]:
    db, home = api.runtime.db, api.runtime.home
    record = await get_survey(db, home, "post_purchase")
    assert record is not None
    return await list_responses(db, home, record.id, after={}, limit=10)


async def test_a_link_opens_with_its_answer_chosen_and_stores_nothing(paged: Api) -> None:
    page = await paged.http.get(f"{PAGE}&a_recommend=9")

    assert page.status_code == 200
    assert re.search(r'value="9"[^>]* checked', page.text)
    for table in ("invitation", "response"):
        rows = await paged.runtime.db.fetch(f"SELECT count(*) FROM {table}")
        assert rows[0][0] == 0


async def test_an_answer_is_kept_apart_as_unverified(paged: Api) -> None:
    second = await send(paged, await paged.http.get(PAGE), a_recommend="9")
    done = await send(paged, second, a_why="Quick")

    assert "Thank" in done.text
    assert (await paged.score())["n"] == 0
    (response,) = await stored(paged)
    assert (response.standing, response.state) == ("unverified", "complete")
    assert [(row.rating, row.text) for row in response.answers] == [(9, None), (None, "Quick")]
    assert response.respondent is None
    assert (response.channel, response.touchpoint) == ("email", "order.delivered")
    assert response.context == '{"rid":"c-1017"}'


async def test_the_browser_that_began_has_its_first_page_again_until_it_is_done(paged: Api) -> None:
    first = await paged.http.get(PAGE)
    reloaded = {"cache-control": "max-age=0", "if-none-match": first.headers["etag"]}
    await send(paged, first, a_recommend="3")

    again = await paged.http.get(PAGE, headers=reloaded)
    assert fields(again)["r"] == fields(first)["r"]
    assert not re.search("<input[^>]* checked", again.text)
    other = await paged.http.get(PAGE, headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 410

    await send(paged, await send(paged, again, a_recommend="8"), a_why="Quick")
    assert (await paged.http.get(PAGE, headers=reloaded)).status_code == 410
    (response,) = await stored(paged)
    assert [(row.rating, row.text) for row in response.answers] == [(8, None), (None, "Quick")]


async def test_a_second_visit_is_told_that_it_was_answered(paged: Api) -> None:
    second = await send(paged, await paged.http.get(PAGE), a_recommend="3")
    await send(paged, second, a_why="It was cold")

    again = await paged.http.get(PAGE)

    assert again.status_code == 410
    assert "already answered" in again.text
    assert "It was cold" not in again.text


async def test_nobody_else_goes_on_with_what_was_begun(paged: Api) -> None:
    second = await send(paged, await paged.http.get(PAGE), a_recommend="3")
    assert second.status_code == 200

    stranger = await paged.http.get(PAGE)
    myself = await send(paged, second, a_why="It was cold")

    assert stranger.status_code == 410
    assert myself.status_code == 200


async def test_two_pages_open_at_once_give_one_response(paged: Api) -> None:
    one, two = await paged.http.get(PAGE), await paged.http.get(PAGE)
    first = await send(paged, one, a_recommend="9")
    late = await send(paged, two, a_recommend="1")

    assert (first.status_code, late.status_code) == (200, 410)
    (response,) = await stored(paged)
    assert [row.rating for row in response.answers] == [9]


@pytest.mark.parametrize(
    "rid", ["", "%20", "%7B%7B%20contact.id%20%7D%7D", "*%7CUNIQID%7C*", "RESPONDENT_ID", "x" * 201]
)
async def test_unfilled_merge_tags_do_not_shut_people_out(paged: Api, rid: str) -> None:
    address = f"/s/post_purchase?rid={rid}"
    replies = [
        await send(paged, await paged.http.get(address), a_recommend=rating) for rating in "93"
    ]

    assert [reply.status_code for reply in replies] == [200, 200]


async def test_other_names_and_other_surveys_are_apart(paged: Api) -> None:
    await paged.push({**SURVEY, "key": "other", "touchpoints": []})
    for address in (PAGE, "/s/post_purchase?rid=c-1018", "/s/other?rid=c-1017"):
        reply = await send(paged, await paged.http.get(address), a_recommend="9")
        assert reply.status_code == 200, reply.text

    rows = await paged.runtime.db.fetch("SELECT count(*) FROM response")
    assert rows[0][0] == 3


async def test_a_name_stays_a_text(paged: Api) -> None:
    page = await paged.http.get('/s/post_purchase?rid="><script>alert(1)</script>')

    assert page.status_code == 200
    assert "<script>alert" not in page.text
