"""Nothing chosen or typed is lost, for every question type: language, Back, reload, errors."""

from __future__ import annotations

from typing import Any, assert_never

import pytest
from every_type import TYPES, asked, question_of

from harken_server.surveys.questions import types as q

KINDS = [kind for kind in TYPES if kind != "statement"]


def fields_of(question: q.Question) -> dict[str, list[str]]:
    """A whole answer as the page's form holds it."""
    match question:
        case q.RatingBase():
            return {"a_q": [str(q.scale_of(question)[1])]}
        case q.OneChoice():
            return {"a_q": ["other"], "a_q.other": ["Mine"]}
        case q.MultipleChoice():
            return {"a_q": ["a", "other"], "a_q.other": ["Mine"]}
        case q.Matrix():
            return {f"a_q.{row}": ["b"] for row in question.parts()}
        case q.Ranking():
            return {f"a_q.{place}": [value] for place, value in enumerate("cabd", 1)}
        case q.ShortText() | q.LongText():
            return {"a_q": ["Half a thought"]}
        case q.Number():
            return {"a_q": ["7"]}
        case q.Date():
            return {"a_q": ["2026-11-21"]}
        case q.Email():
            return {"a_q": ["ada@example.com"]}
        case q.Phone():
            return {"a_q": ["+4722123456"]}
        case q.Consent():
            return {"a_q": ["yes"]}
        case q.Statement():
            return {}
        case _ as never:
            assert_never(never)


def given(page: Any) -> dict[str, list[str]]:
    """What the page would send of the question; fields left empty are left out."""
    return {n: v for n, v in page.fields.items() if n.startswith("a_q") and any(v)}


class Walk:
    """A visitor on the page of one question between two others."""

    def __init__(self, visitor: Any, api: Any, kind: str, **parts: Any) -> None:
        self.visitor, self.api, self.kind, self.parts = visitor, api, kind, parts

    async def begin(self) -> None:
        """Publish, answer the first question, and stand before the one that is tried."""
        survey = {
            "key": "kept", "title": {"en": "Kept", "de": "Behalten"}, "locales": ["de"],
            "presentation": {"pages": "question"},
            "questions": [
                {"type": "short_text", "key": "first", "text": "First?"},
                asked(self.kind, **self.parts),
                {"type": "short_text", "key": "last", "text": "Last?"},
            ],
        }  # fmt: skip
        reply = await self.api.push(survey)
        assert reply.status_code == 201, reply.text
        await self.visitor.open("/s/kept")
        await self.post({"a_first": ["One"], "go": ["next"]})

    async def post(self, fields: dict[str, list[str]]) -> Any:
        """Send the page as it stands, with these fields in place of its own answer."""
        kept = {n: v for n, v in self.visitor.page.fields.items() if not n.startswith("a_q")}
        await self.visitor.post(kept | fields)
        return self.visitor.page

    async def stored(self) -> dict[str, Any]:
        """The one response."""
        [found] = (await self.api.http.get("/v1/surveys/kept/responses")).json()["responses"]
        return found


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_stays_in_another_language_and_after_back(visitor, api, kind):
    walk = Walk(visitor, api, kind)
    fields = fields_of(question_of(kind))
    await walk.begin()

    page = await walk.post(fields | {"lang": ["en", "de"]})
    assert "Behalten" in page.text
    assert given(page) == fields
    assert set((await walk.stored())["answers"]) == {"first"}

    page = await walk.post(fields | {"go": ["back"]})
    assert page.fields["a_first"] == ["One"]
    page = await walk.post({"go": ["next"]})
    assert given(page) == fields


@pytest.mark.parametrize("kind", KINDS)
async def test_a_page_sent_again_is_stored_once_and_gives_the_same_page(visitor, api, kind):
    walk = Walk(visitor, api, kind)
    await walk.begin()
    kept = {n: v for n, v in visitor.page.fields.items() if not n.startswith("a_q")}
    sent = kept | fields_of(question_of(kind)) | {"go": ["next"]}

    replies = [await visitor.post(sent) for _ in range(3)]
    before = await walk.stored()

    assert {reply.text for reply in replies} == {replies[0].text}
    assert "Last?" in visitor.page.text
    assert before["sequence"] == 2
    await walk.post({"a_last": ["Three"], "go": ["next"]})
    await visitor.post(sent)
    assert (await walk.stored())["answers"] == before["answers"] | {"last": "Three"}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_that_is_taken_back_is_no_answer(visitor, api, kind):
    walk = Walk(visitor, api, kind)
    fields = fields_of(question_of(kind))
    await walk.begin()
    await walk.post(fields | {"go": ["next"]})
    assert "q" in (await walk.stored())["answers"]
    page = await walk.post({"go": ["back"]})
    assert given(page) == fields

    page = await walk.post(fields | {"clear": ["q"]})
    assert given(page) == {}
    await walk.post({"go": ["next"]})

    answers = (await walk.stored())["answers"]
    assert answers.pop("q", False) is False, "a consent without a tick is not given"
    assert answers == {"first": "One"}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_left_out_is_led_to_part_by_part(visitor, api, kind):
    walk = Walk(visitor, api, kind, required=True)
    await walk.begin()
    fields = fields_of(question_of(kind))
    parts = sorted(fields)[1:] if kind == "matrix" else []

    page = await walk.post({name: fields[name] for name in parts[1:]} | {"go": ["next"]})

    assert visitor.reply.status_code == 422
    links = [have["href"] for have in page.all_of("a") if (have.get("href") or "").startswith("#")]
    ids = {have.get("id") for _, have in page.tags}
    missing = ["#a_q.a", "#a_q.b"] if kind == "matrix" else None
    assert links == (missing or links[:1])
    assert all(link[1:] in ids for link in links)
    assert links
    assert given(page) == {name: fields[name] for name in parts[1:]}


async def test_a_gap_in_a_ranking_is_asked_about_at_its_place(visitor, api):
    walk = Walk(visitor, api, "ranking", max_ranked=3)
    await walk.begin()

    page = await walk.post({"a_q.1": ["c"], "a_q.3": ["a"], "go": ["next"]})

    assert visitor.reply.status_code == 422
    assert "#a_q.2" in [have.get("href") for have in page.all_of("a")]
    assert given(page) == {"a_q.1": ["c"], "a_q.3": ["a"]}


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice"])
async def test_other_without_words_is_asked_about_where_an_answer_is_required(visitor, api, kind):
    for is_required in (True, False):
        walk = Walk(visitor, api, kind, required=is_required)
        await walk.begin()
        await walk.post({"a_q": ["other"], "a_q.other": [" "], "go": ["next"]})

        assert visitor.reply.status_code == (422 if is_required else 200)
        found = [have.get("href") for have in visitor.page.all_of("a")]
        assert ("#a_q-own" in found) is is_required


async def test_sending_nothing_is_no_response_and_takes_back_what_was(visitor, api):
    walk = Walk(visitor, api, "nps")
    await walk.begin()
    await walk.post({"go": ["next"]})
    await walk.post({"go": ["back"]})
    await walk.post({"go": ["back"]})
    await visitor.post({**visitor.page.fields, "a_first": [""], "go": ["next"]})
    await walk.post({"go": ["next"]})
    await walk.post({"go": ["next"]})
    assert "Nothing is answered yet" in visitor.page.text

    await walk.post({"go": ["anyway"]})

    assert "Thank you" in visitor.page.text
    stored = await walk.stored()
    assert (stored["complete"], stored["answers"]) == (False, {})
