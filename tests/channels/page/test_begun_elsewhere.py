"""A personal link that was partly answered: what was begun is shown to nobody, and is not lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from every_type import TYPES, asked, question_of
from page_fields import fields_of

from harken_server.channels.page.forms import decode_answers
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey

KINDS = [kind for kind in TYPES if kind != "statement"]
RECOMMEND = {"type": "nps", "key": "recommend", "text": "Recommend us?"}
LAST = {**RECOMMEND, "required": True}
WHY = {"type": "long_text", "key": "why", "text": "You said {{answer.recommend}}. Why?"}
MORE = {"type": "long_text", "key": "more", "text": "Anything else?"}
Begin = Callable[[Api, Any, str], Awaitable[None]]
"""Answers all questions of every type, and not the last one."""


def whole_form() -> dict[str, list[str]]:
    return {
        name.replace("a_q", f"a_{kind}", 1): values
        for kind in KINDS
        for name, values in fields_of(question_of(kind)).items()
    }


async def by_page(api: Api, visitor: Any, code: str) -> None:
    page = await visitor.open(f"/i/{code}")
    api.clock.move(seconds=2)  # nobody answers sooner
    while "Recommend us?" not in page.text:
        await visitor.post(page.fields | whole_form() | {"go": "next"})
        assert visitor.reply.status_code == 200, page.text
        page = visitor.page


async def by_submission(api: Api, visitor: Any, code: str) -> None:
    answers = decode_answers([question_of(kind, key=kind) for kind in KINDS], whole_form())
    await submit(api, code, answers)


async def submit(api: Api, code: str, answers: dict[str, Any]) -> None:
    body = {"id": str(uuid4()), "token": code, "answers": answers, "complete": False}
    reply = await api.http.post("/v1/public/responses", json=body)
    assert reply.status_code == 201, reply.text


async def invite(api: Api, *questions: dict[str, Any], **parts: Any) -> str:
    survey = {"key": "personal", "title": "Yours", "touchpoints": ["order.sent"],
              "presentation": {"pages": "question"}, "questions": questions, **parts}  # fmt: skip
    pushed = await api.push(survey)
    assert pushed.status_code == 201, pushed.text
    decision = (await api.trigger(touchpoint="order.sent", respondent="c-1")).json()
    return decision["invitation"]["code"]


async def stored(api: Api) -> dict[str, Any]:
    record = await get_survey(api.runtime.db, api.runtime.home, "personal")
    assert record is not None
    assert await recount(api.runtime.db, api.runtime.home, record.id) == []
    reply = await api.http.get("/v1/surveys/personal/responses")
    [found] = reply.json()["responses"]
    return found


def shown(page: Any) -> dict[str, list[str]]:
    return {name: values for name, values in page.fields.items()
            if name.startswith("a_") and any(values)}  # fmt: skip


@pytest.mark.parametrize("way", ["i", "e"])
@pytest.mark.parametrize("begin", [by_page, by_submission])
@pytest.mark.few(2)
async def test_an_answer_of_every_type_is_neither_shown_nor_lost(
    api: Api, visitor: Any, begin: Begin, way: str
) -> None:
    code = await invite(api, *(asked(kind, key=kind) for kind in KINDS), LAST)
    await begin(api, visitor, code)
    before = await stored(api)
    assert before["answers"].keys() == set(KINDS)

    page = await visitor.open(f"/{way}/{code}")
    for _ in KINDS:
        assert shown(page) == {}
        page = await visitor.send()
    assert "Recommend us?" in page.text
    page = await visitor.send(go="back")
    assert shown(page) == {}
    assert (await stored(api))["answers"] == before["answers"]
    await visitor.send()
    await visitor.send(recommend="9")

    after = await stored(api)
    assert after["complete"]
    assert after["answers"] == {**before["answers"], "recommend": 9}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_given_anew_takes_the_place_of_what_was_begun(
    api: Api, visitor: Any, kind: str
) -> None:
    code = await invite(api, asked(kind, key="q"), MORE, LAST)
    await submit(api, code, {"more": "Begun", "recommend": 2})
    page = await visitor.open(f"/i/{code}")
    await visitor.post(page.fields | fields_of(question_of(kind)) | {"go": "next"})
    assert shown(visitor.page) == {}
    page = await visitor.send(go="back")
    assert shown(page).keys() == fields_of(question_of(kind)).keys(), "one's own answer is shown"
    await visitor.send()
    page = await visitor.send()
    assert shown(page) == {}
    await visitor.send()
    assert visitor.reply.status_code == 422, "what is required is asked of whoever answers now"
    await visitor.send(recommend="9")

    after = await stored(api)
    own = decode_answers([question_of(kind)], fields_of(question_of(kind)))
    assert after["answers"] == {**own, "more": "Begun", "recommend": 9}


@pytest.mark.parametrize("way", ["i", "e"])
async def test_the_page_says_when_it_was_begun_and_that_those_answers_are_kept(
    api: Api, visitor: Any, way: str
) -> None:
    code = await invite(api, RECOMMEND, MORE, locales=["de"], title={"en": "Yours", "de": "Ihre"})
    begun = "You began to answer on 21 November. Those answers are kept and not shown here."
    page = await visitor.open(f"/{way}/{code}")
    assert "began" not in page.text
    await submit(api, code, {"recommend": 3})
    api.clock.move(days=2)

    page = await visitor.open(f"/{way}/{code}")
    assert begun in page.text
    page = await visitor.open(f"/{way}/{code}?lang=de")
    assert "am 21. November begonnen" in page.text


async def test_two_forms_in_turns_keep_and_show_each_its_own(api: Api, visitor: Any) -> None:
    code = await invite(api, RECOMMEND, WHY, MORE)
    other = type(visitor)(visitor.http)
    await visitor.open(f"/i/{code}")
    api.clock.move(seconds=2)
    await visitor.send(recommend="3")
    await other.open(f"/i/{code}")
    api.clock.move(seconds=2)
    page = await other.send()
    assert "You said . Why?" in page.text
    page = await other.send(why="Late")
    assert "Anything else?" in page.text

    page = await visitor.send()
    assert shown(page) == {}
    page = await visitor.send(more="Mine", go="back")
    assert "You said 3. Why?" in page.text
    assert shown(page) == {}
    page = await visitor.send(go="back")
    assert shown(page) == {"a_recommend": ["3"]}
    page = await other.send(go="back")
    assert shown(page) == {"a_why": ["Late"]}
    await other.send()
    page = await other.send()

    assert "Thank" in page.text
    after = await stored(api)
    assert after["complete"]
    assert after["answers"] == {"recommend": 3, "why": "Late", "more": "Mine"}


async def test_a_page_that_another_form_has_made_pointless_is_kept_all_the_same(
    api: Api, visitor: Any
) -> None:
    low = {"op": "at_most", "answer": "recommend", "value": 6}
    code = await invite(api, RECOMMEND, {**WHY, "show_if": low}, MORE)
    other = type(visitor)(visitor.http)
    await visitor.open(f"/i/{code}")
    api.clock.move(seconds=2)
    await visitor.send(recommend="3")
    await other.open(f"/i/{code}")
    api.clock.move(seconds=2)
    await other.send(recommend="9")

    page = await visitor.send(why="Late")
    assert "Anything else?" in page.text
    assert (await stored(api))["hidden_answers"] == {"why": "Late"}
    await visitor.send(more="Mine")

    after = await stored(api)
    assert after["complete"]
    assert after["answers"] == {"recommend": 9, "more": "Mine"}
    assert after["hidden_answers"] == {"why": "Late"}


@pytest.mark.parametrize("is_why_required", [True, False])
async def test_nothing_that_was_begun_can_be_told_from_the_pages(
    api: Api, visitor: Any, is_why_required: bool
) -> None:
    low = {"op": "at_most", "answer": "recommend", "value": 6}
    why = {**WHY, "required": is_why_required, "show_if": low}
    ending = {"key": "sorry", "title": "Sorry about {{answer.recommend}}", "show_if": low}
    plain = {"key": "bye", "title": "Bye {{answer.recommend}}"}
    code = await invite(api, RECOMMEND, why, MORE, endings=[ending, plain])
    await submit(api, code, {"recommend": 3})

    await visitor.open(f"/i/{code}")
    page = await visitor.send()
    assert "Anything else?" in page.text
    page = await visitor.send(more="No")

    assert "Bye" in page.text
    assert "3" not in page.text
    after = await stored(api)
    assert after["complete"]
    assert after["answers"] == {"recommend": 3, "more": "No"}


async def test_what_was_begun_hides_no_answer_that_was_asked_for(api: Api, visitor: Any) -> None:
    to_the_end = [{"when": {"op": "at_most", "answer": "recommend", "value": 6}, "to": "end"}]
    code = await invite(api, {**RECOMMEND, "jumps": to_the_end}, MORE)
    await submit(api, code, {"recommend": 3})

    await visitor.open(f"/i/{code}")
    await visitor.send()
    await visitor.send(more="Asked and answered")

    after = await stored(api)
    assert after["answers"] == {"recommend": 3, "more": "Asked and answered"}
    assert after["hidden_answers"] == {}


async def test_sending_the_last_page_twice_is_thanked_twice(api: Api, visitor: Any) -> None:
    code = await invite(api, RECOMMEND, MORE)
    await submit(api, code, {"recommend": 3})
    await visitor.open(f"/i/{code}")
    page = await visitor.send()
    last = page.fields | {"a_more": "Mine", "go": "next"}

    replies = [await visitor.post(last) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 200]
    assert (await stored(api))["answers"] == {"recommend": 3, "more": "Mine"}


async def test_sending_nothing_leaves_what_was_begun_unfinished(api: Api, visitor: Any) -> None:
    code = await invite(api, RECOMMEND, MORE)
    await submit(api, code, {"recommend": 3})
    before = await stored(api)
    await visitor.open(f"/i/{code}")
    await visitor.send()
    await visitor.send()
    assert visitor.reply.status_code == 422

    await visitor.send(go="anyway")

    assert visitor.reply.status_code == 200
    assert await stored(api) == before
