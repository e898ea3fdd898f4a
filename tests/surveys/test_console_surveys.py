"""Surveys in the console: listed, begun with a template, edited, published, paused and closed."""

from __future__ import annotations

import html
import re

import pytest
from api_client import SURVEY, Api
from filled_forms import fields_of
from signed_in import sign_in
from survey_editor import begin, publish, save

from harken_server.workspaces.people.rules import Role

HOSTILE = "<script>alert(1)</script> \"&' {% 7*7 %} [x](javascript:1)"


def error_at(page: str, name: str) -> str:
    """What is said beside a field."""
    found = re.search(rf'id="f-{re.escape(name)}-error">(.*?)</p>', page, re.S)
    assert found is not None, name
    return html.unescape(found[1])


async def test_an_empty_list_leads_to_the_gallery(api: Api) -> None:
    page = await (await sign_in(api, "editor")).get("/surveys")

    assert page.status_code == 200
    assert 'href="/console/default/surveys/new"' in page.text


async def test_the_list_has_published_surveys_and_drafts_and_is_searched(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")
    await begin(editor)

    every = (await editor.get("/surveys")).text
    found = (await editor.get("/surveys", q="order")).text

    assert "Your order" in every
    assert "Would you recommend us?" in every
    assert "Your order" in found
    assert "Would you recommend us?" not in found


@pytest.mark.parametrize(("role", "is_editor"), [("viewer", False), ("editor", True)])
async def test_only_who_may_edit_is_shown_and_given_editing(
    api: Api, role: Role, is_editor: bool
) -> None:
    await api.push(SURVEY)
    person = await sign_in(api, role)

    page = await person.get("/surveys/post_purchase")
    edit = await person.get("/surveys/post_purchase/edit")
    closed = await person.post("/surveys/post_purchase/status", status="closed")

    assert page.status_code == 200
    assert ("/post_purchase/edit" in page.text) is is_editor
    assert edit.status_code == (200 if is_editor else 403)
    assert closed.status_code == (303 if is_editor else 403)
    assert (await person.get("/surveys/post_purchase/versions")).status_code == 200


async def test_the_gallery_is_narrowed_by_every_way(api: Api) -> None:
    editor = await sign_in(api, "editor")

    page = await editor.get(
        "/surveys/new", role="shop", industry="restaurant", stage="purchase", channel="receipt"
    )

    assert "/surveys/new/restaurant_receipt" in page.text
    assert "/surveys/new/sus" not in page.text
    assert "about" in page.text


async def test_a_template_becomes_a_draft_that_nobody_sees_before_it_is_published(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await begin(editor)

    assert (await api.http.get("/s/ours")).status_code == 404
    assert await publish(editor, "ours") == "/console/default/share/ours"
    shown = await api.http.get("/s/ours")

    assert shown.status_code == 200
    assert "Would you recommend us?" in shown.text


NOT_BEGUN = (
    ({"title": "", "key": "ours"}, "A survey needs a title."),
    ({"title": "x" * 2001, "key": "ours"}, "2000 characters at most, not 2001"),
    ({"title": "Fine", "key": ""}, "A survey needs a key."),
    ({"title": "Fine", "key": "Not a key"}, "64 characters at most"),
    ({"title": "Fine", "key": "k" * 65}, "64 characters at most"),
    ({"title": "Fine", "key": "new"}, "already"),
    ({"title": "Fine", "key": "post_purchase"}, "already"),
)


async def test_a_survey_that_cannot_begin_so_comes_back_with_what_was_typed(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    for fields, said in NOT_BEGUN:
        reply = await editor.post("/surveys/new/nps", **fields)

        assert reply.status_code == 422, fields
        assert said in html.unescape(reply.text), fields
        assert {**fields_of(reply.text), "csrf": ""} == {**fields, "csrf": ""}


async def test_a_key_is_proposed_from_the_title_and_is_free(api: Api) -> None:
    await api.push({**SURVEY, "key": "your_visit"})
    editor = await sign_in(api, "editor")

    reply = await editor.post("/surveys/new/nps", title="Your visit!", key="", do="propose")

    assert fields_of(reply.text)["key"] == "your_visit_2"


async def test_what_is_typed_into_the_form_becomes_the_draft(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    status, _ = await save(
        editor, "post_purchase", **{
            "title": "Your parcel",
            "questions[1].choices[0].label": "Cost",
            "questions[1].choices": "Weather\nStaff",
            "questions[2].required": "on",
            "presentation.theme.accent": "#112233",
            "presentation.pages": "question",
        },
    )  # fmt: skip
    plan = html.unescape((await editor.get("/surveys/post_purchase/publish")).text)

    assert status == 303
    assert "The title “Your order” now reads “Your parcel”." in plan
    assert "In “Why?” the choice “Price” was renamed to “Cost”." in plan
    assert "“Why?” has the new choice “Staff”." in plan
    assert "The question “What went wrong?” now must be answered." in plan
    assert "Starts a new series" in plan
    await publish(editor, "post_purchase")
    definition = (await api.http.get("/v1/surveys/post_purchase")).json()["definition"]
    assert definition["presentation"] == {"pages": "question", "theme": {"accent": "#112233"}}
    assert [each["value"] for each in definition["questions"][1]["choices"]] == [
        "price", "speed", "weather", "staff",
    ]  # fmt: skip


async def test_choices_and_questions_go_and_move(api: Api) -> None:
    survey = {**SURVEY, "questions": [*SURVEY["questions"]]}
    survey["questions"].append({"type": "short_text", "key": "name", "text": "Your name?"})
    await api.push(survey)
    editor = await sign_in(api, "editor")

    status, _ = await save(editor, "post_purchase", remove="questions[3]", do="save")
    assert status == 303
    status, _ = await save(editor, "post_purchase", do="up:2")
    assert status == 303
    text = fields_of((await editor.get("/surveys/post_purchase/file")).text)["text"]

    assert "Your name?" not in text
    assert text.index("What went wrong?") < text.index("Why?")


async def test_a_question_that_others_need_stays_and_the_form_says_why(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    status, page = await save(editor, "post_purchase", remove="questions[0]", title="Kept")

    assert status == 422
    assert "recommend" in page
    assert fields_of(page)["title"] == "Kept"
    assert 'value="questions[0]" checked' in page


NAMES = (
    "title", "intro", "questions[0].text", "questions[0].low_label", "questions[1].text",
    "questions[1].choices[0].label", "questions[1].choices", "questions[1].other",
    "questions[2].placeholder", "presentation.brand", "presentation.theme.accent",
    "presentation.theme.font", "presentation.pages",
)  # fmt: skip
NEEDED = ("title", "questions[0].text", "questions[1].choices[0].label")


async def test_a_field_that_is_too_long_comes_back_filled_with_the_limit_beside_it(
    api: Api,
) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    for name in NAMES:
        beside = "title" if name == "intro" else "intro"
        typed = {name: "x" * 2001, beside: "Kept too"}
        status, page = await save(editor, "post_purchase", **typed)

        sent, error = fields_of(page), error_at(page, name)
        assert status == 422, name
        assert re.search(r"2000|80|colour|one of", error), (name, error)
        if not name.endswith((".font", ".pages")):
            assert sent[name] == "x" * 2001, name
        assert sent[beside] == "Kept too", name


async def test_a_needed_field_left_empty_is_named(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    for name in NEEDED:
        status, page = await save(editor, "post_purchase", **{name: "  "})

        assert status == 422, name
        assert "at least 1" in error_at(page, name), name


async def test_nul_is_refused_by_the_name_of_its_field(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    for name in (*NAMES, "base", "revision"):
        status, page = await save(editor, "post_purchase", **{name: "a\x00b"})

        assert status in {400, 422}, name
        assert name in html.unescape(page), name


async def test_hostile_texts_are_inert_on_every_page(api: Api) -> None:
    survey = {**SURVEY, "title": HOSTILE, "questions": [*SURVEY["questions"]]}
    choices = [{"value": "price", "label": HOSTILE}, {"value": "speed", "label": "Speed"}]
    survey["questions"][1] = {**survey["questions"][1], "text": HOSTILE, "choices": choices}
    await api.push(survey)
    editor = await sign_in(api, "editor")
    await save(editor, "post_purchase", intro=HOSTILE)

    for path in ("", "/edit", "/file", "/publish", "/versions", "/versions/1"):
        page = await editor.get(f"/surveys/post_purchase{path}")
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "\"&'" not in page.text
    assert "<script>alert" not in (await editor.get("/surveys")).text
    assert "<script>alert" not in (await editor.get("/preview/surveys/post_purchase")).text
