"""Publishing in the console: nothing unseen, nobody's work lost, and versions that tell of it."""

from __future__ import annotations

import html

import pytest
from api_client import SURVEY, Api
from filled_forms import fields_of
from signed_in import sign_in
from survey_editor import publish, save

from harken_server.surveys.files.writing import write_tree


async def test_who_saves_second_is_told_and_keeps_what_they_typed(api: Api) -> None:
    await api.push(SURVEY)
    ada, bo = await sign_in(api, "editor"), await sign_in(api, "owner")
    opened = fields_of((await ada.get("/surveys/post_purchase/edit")).text)
    assert (await save(bo, "post_purchase", title="Bo was here"))[0] == 303

    reply = await ada.http.post(
        ada.at("/surveys/post_purchase/edit"), data={**opened, "title": "Ada was here"}
    )
    again = fields_of(reply.text)

    assert reply.status_code == 409
    assert "Owner saved this draft" in reply.text
    assert "Bo was here" in reply.text
    assert again["title"] == "Ada was here"
    saved = await ada.http.post(ada.at("/surveys/post_purchase/edit"), data=again)
    assert saved.status_code == 303
    assert "Ada was here" in (await bo.get("/surveys/post_purchase/edit")).text


async def test_nothing_is_published_that_was_not_looked_at(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")
    await save(editor, "post_purchase", title="Mine")
    looked = fields_of((await editor.get("/surveys/post_purchase/publish")).text)
    await api.push({**SURVEY, "title": "Somebody else's"})

    reply = await editor.http.post(editor.at("/surveys/post_purchase/publish"), data=looked)

    assert reply.status_code == 409
    assert "Nothing was published." in reply.text
    assert (await api.http.get("/v1/surveys/post_purchase")).json()["version"] == 2


async def test_a_key_that_would_change_its_type_is_not_published(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")
    tree = {**SURVEY, "questions": [{"type": "rating", "key": "recommend", "text": "How?"}]}
    page = await editor.get("/surveys/post_purchase/file")
    sent = {**fields_of(page.text), "text": write_tree(tree, "yaml"), "syntax": "yaml"}
    await editor.http.post(editor.at("/surveys/post_purchase/file"), data=sent)

    plan = await editor.get("/surveys/post_purchase/publish")

    assert "cannot be published yet" in plan.text
    assert "cannot become rating" in html.unescape(plan.text)


@pytest.mark.parametrize(("status", "code"), [("closed", 410), ("draft", 404), ("live", 200)])
async def test_opening_pausing_and_closing_do_what_they_say(
    api: Api, status: str, code: int
) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    reply = await editor.post("/surveys/post_purchase/status", status=status)

    assert reply.status_code == 303
    assert (await api.http.get("/s/post_purchase")).status_code == code


async def test_versions_tell_who_published_what(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")
    await save(editor, "post_purchase", title="Your parcel")
    await publish(editor, "post_purchase")

    page = html.unescape((await editor.get("/surveys/post_purchase/versions")).text)
    file = await editor.get("/surveys/post_purchase/versions/2/file")

    assert "The title “Your order” now reads “Your parcel”." in page
    assert "· Editor ·" in page
    assert "Your parcel" in file.text
    assert file.headers["content-disposition"].endswith('"post_purchase-2.survey.yaml"')
    assert (await editor.get("/surveys/post_purchase/versions/9")).status_code == 404


async def test_a_dropped_draft_is_gone_and_what_is_published_stays(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")
    await save(editor, "post_purchase", title="Mine")
    page = (await editor.get("/surveys/post_purchase")).text

    stale = await editor.post("/surveys/post_purchase/discard", revision="7", version="1")
    gone = await editor.post("/surveys/post_purchase/discard", revision="1", version="1")

    assert "A draft waits." in page
    assert stale.status_code == 409
    assert gone.status_code == 303
    assert "Mine" not in (await editor.get("/surveys/post_purchase/edit")).text
