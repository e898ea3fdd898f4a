"""A survey's file in the console: checked where it is wrong, kept as it was typed."""

from __future__ import annotations

import html
import re

import pytest
from api_client import SURVEY, Api
from filled_forms import fields_of
from signed_in import SignedIn, sign_in

from harken_server.surveys.drafting import judge_text
from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.files.problem_places import place_problems

FILE = """\
# Asked at the till.
key: till
title: How was it?
questions:
  - type: nps
    key: recommend
    text: Would you?   # our own words
    requird: true
  - {type: single_choce, key: why, text: Why?}
"""
GOOD = FILE.replace("requird", "required").replace(
    "{type: single_choce, key: why, text: Why?}", "{type: long_text, key: why, text: Why?}"
)


async def send(editor: SignedIn, path: str, **fields: str) -> tuple[int, str, str]:
    """Open the editor, change these fields and send: status, page, and where it leads."""
    page = await editor.get(path)
    sent = {**fields_of(page.text), **fields}
    reply = await editor.http.post(editor.at(path), data=sent)
    return reply.status_code, reply.text, reply.headers.get("location", "")


@pytest.mark.parametrize(
    ("syntax", "text", "line", "column", "word", "hint"),
    [
        ("yaml", FILE, 8, 5, "requird", "Did you mean `required`?"),
        ("yaml", FILE, 9, 12, "single_choce", "Did you mean `single_choice`?"),
        ("yaml", "key: a\ntitle: [b\n", 3, 0, "", ""),
        ("json", '{"key": "a",\n "title": 7}', 2, 11, "7", "Put it in quotes."),
        ("json", '{"key": "a",\n "title" 7}', 2, 10, "7", ""),
        ("toml", 'key = "a"\ntitle = = 7\n', 2, 9, "=", ""),
    ],
)
def test_a_problem_has_its_line_column_word_and_what_to_try(
    syntax: Syntax, text: str, line: int, column: int, word: str, hint: str
) -> None:
    problems = judge_text(text, syntax).problems

    found = [(each.line, each.column, each.word, each.hint) for each in problems]
    assert (line, column, word, hint) in found
    assert all("(line" not in each.message for each in problems)


def test_a_problem_without_a_place_is_told_all_the_same() -> None:
    problems = judge_text('key = "a"\n', "toml").problems

    assert {each.path for each in problems} == {"$.title", "$.questions"}
    assert place_problems("", "yaml", []) == []


async def test_checking_says_what_is_wrong_and_keeps_nothing(api: Api) -> None:
    editor = await sign_in(api, "editor")

    status, page, _ = await send(editor, "/surveys/new/file", text=FILE, syntax="yaml", do="check")

    assert status == 200
    assert re.search(r"<strong>Line 8</strong>, column 5", page)
    assert '<code dir="auto">requird</code>' in page
    assert fields_of(page)["text"] == FILE
    assert (await editor.get("/surveys/till")).status_code == 404


async def test_a_file_is_published_with_its_comments(api: Api) -> None:
    editor = await sign_in(api, "editor")

    status, _, to = await send(editor, "/surveys/new/file", text=GOOD, syntax="yaml", do="publish")
    page = await editor.get("/surveys/till/publish")
    await editor.http.post(editor.at("/surveys/till/publish"), data=fields_of(page.text))
    source = (await api.http.get("/v1/surveys/till")).json()["source"]

    assert (status, to) == (303, "/console/default/surveys/till/publish")
    assert source == {"format": "yaml", "text": GOOD}


@pytest.mark.parametrize(
    ("text", "syntax", "said"),
    [
        (FILE, "yaml", "Did you mean `required`?"),
        ("", "yaml", "problem"),
        ("{", "json", "not well-formed JSON"),
        ("key = = 1", "toml", "not well-formed TOML"),
        (GOOD.replace("till", "post_purchase"), "yaml", "already"),
        ("x" * (256 * 1024 + 1), "yaml", "262144 bytes at most"),
    ],
)
async def test_a_file_that_cannot_begin_a_survey_comes_back_with_why(
    api: Api, text: str, syntax: str, said: str
) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    status, page, _ = await send(editor, "/surveys/new/file", text=text, syntax=syntax, do="save")

    assert status == 422
    assert said in page
    assert (
        fields_of(html.escape(page, quote=False) if False else page)["text"].strip() == text.strip()
    )


async def test_a_draft_is_kept_with_its_problems_and_not_published(api: Api) -> None:
    await api.push(SURVEY)
    editor, path = await sign_in(api, "editor"), "/surveys/post_purchase/file"
    broken = FILE.replace("key: till", "key: post_purchase")

    status, _, to = await send(editor, path, text=broken, syntax="yaml", do="save")
    form = await editor.get("/surveys/post_purchase/edit")
    plan = (await editor.get("/surveys/post_purchase/publish")).text

    assert (status, to) == (303, f"/console/default{path}")
    assert "requird" in (await editor.get(path)).text
    assert form.status_code == 303
    assert "cannot be published yet" in plan
    assert "A draft" not in (await editor.get("/surveys")).text


async def test_a_file_keeps_the_key_of_its_survey(api: Api) -> None:
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")

    _, page, _ = await send(
        editor, "/surveys/post_purchase/file", text=GOOD, syntax="yaml", do="check"
    )

    assert "its key never changes" in page


async def test_two_who_edit_the_file_are_told_of_one_another(api: Api) -> None:
    await api.push(SURVEY)
    ada, bo = await sign_in(api, "editor"), await sign_in(api, "owner")
    path, mine = "/surveys/post_purchase/file", GOOD.replace("till", "post_purchase")
    opened = fields_of((await ada.get(path)).text)
    await send(bo, path, text=mine.replace("How was it", "Theirs"), syntax="yaml", do="save")

    reply = await ada.http.post(
        ada.at(path), data={**opened, "text": mine, "syntax": "yaml", "do": "save"}
    )

    assert reply.status_code == 409
    assert "Theirs" in reply.text
    assert fields_of(reply.text)["text"] == mine
