"""Trying a survey in the console: its real pages one after the other, and nothing is stored."""

from __future__ import annotations

import re

from api_client import SURVEY, Api
from filled_forms import fields_of
from signed_in import SignedIn, sign_in
from tiers import POSTGRES_NIGHTLY

from harken_server.responses.tables import Response
from harken_server.surveys.gallery import read_gallery

pytestmark = POSTGRES_NIGHTLY

TWO_PAGES = {**SURVEY, "presentation": {"pages": "question"}}


async def answer(visitor: SignedIn, path: str, page: str, **fields: str) -> str:
    """Fill in the page that is shown, and give the one after it."""
    reply = await visitor.http.post(visitor.at(path), data={**fields_of(page), **fields})
    assert reply.status_code in {200, 422}, reply.text
    return reply.text


async def count_responses(api: Api) -> int:
    table = Response._meta.tablename
    return (await api.runtime.db.fetch(f"SELECT count(*) FROM {table}"))[0][0]


async def test_a_survey_is_answered_to_its_end_and_nothing_is_stored(api: Api) -> None:
    await api.push({**TWO_PAGES, "endings": [{"key": "bye", "title": "That is all"}]})
    editor, path = await sign_in(api, "editor"), "/preview/surveys/post_purchase"

    first = (await editor.get(path)).text
    second = await answer(editor, path, first, a_recommend="3", go="next")
    back = await answer(editor, path, second, go="back")
    second = await answer(editor, path, back, go="next")
    third = await answer(editor, path, second, a_reason="price", go="next")
    end = await answer(editor, path, third, a_why="Rain", go="next")

    assert "Why?" in second
    assert re.search(r'value="3"[^>]* checked', back)
    assert "What went wrong?" in third
    assert "That is all" in end
    assert await count_responses(api) == 0


async def test_what_is_wrong_is_said_as_on_the_real_page(api: Api) -> None:
    await api.push(SURVEY)
    editor, path = await sign_in(api, "editor"), "/preview/surveys/post_purchase"

    page = await answer(editor, path, (await editor.get(path)).text, go="next")

    assert 'id="errors"' in page


async def test_a_draft_is_tried_before_anybody_else_sees_it(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await editor.post("/surveys/new/page_vote", title="How is our page?", key="ours")

    page = await editor.get("/preview/surveys/ours")

    assert "How is our page?" in page.text
    assert (await api.http.get("/s/ours")).status_code == 404


async def test_every_template_is_shown_in_a_frame_of_ours_alone(api: Api) -> None:
    editor = await sign_in(api, "editor")

    for name in read_gallery():
        page = await editor.get(f"/preview/templates/{name}")
        end = await answer(editor, f"/preview/templates/{name}", page.text, go="next")

        assert page.status_code == 200, name
        assert page.headers["x-frame-options"] == "SAMEORIGIN"
        assert page.headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert "<script" not in page.text + end
        assert "<main>" in end


async def test_answers_of_earlier_pages_that_somebody_made_up_are_no_fault(api: Api) -> None:
    await api.push(TWO_PAGES)
    editor, path = await sign_in(api, "editor"), "/preview/surveys/post_purchase"
    page = (await editor.get(path)).text

    for known in ("{", "[]", '{"recommend": {"a": 1}}', '{"nobody": 1}', '{"why": 7}'):
        assert "<main>" in await answer(editor, path, page, known=known, a_recommend="3")
