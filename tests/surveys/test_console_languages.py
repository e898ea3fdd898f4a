"""The form in each language of a survey, and what it leaves as it was in people's files."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from api_client import Api
from filled_forms import fields_of
from signed_in import SignedIn, sign_in

from harken_server.surveys.drafting import tree_of

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)

FILE = """\
# Asked at the till.
key: till
title: How was it?   # plain, the same in every language
locales: [de, nb]
questions:
  - type: single_choice
    key: why
    text: {en: Why?, de: Warum?, nb: Hvorfor?}
    required: true
    choices:
      - {value: a, label: 'Price'}   # the oldest
      - value: b
        label: {en: Speed, de: Speed, nb: Fart}
"""
NO_PLACE = """\
key: till
title: How was it?
questions: [{type: nps, key: recommend, text: Would you?}, # the only one
  {type: long_text, key: why, text: Why?}]
"""


async def keep(editor: SignedIn, text: str, syntax: str = "yaml") -> None:
    fields = {"text": text, "syntax": syntax, "do": "save"}
    reply = await editor.post("/surveys/new/file", **fields)
    assert reply.status_code == 303, reply.text


async def save(editor: SignedIn, language: str = "", **typed: str) -> Any:
    page = await editor.get("/surveys/till/edit", **({"language": language} if language else {}))
    sent = {**fields_of(page.text), **typed}
    return await editor.http.post(editor.at("/surveys/till/edit"), data=sent)


async def text_of(editor: SignedIn) -> str:
    return fields_of((await editor.get("/surveys/till/file")).text)["text"]


def marked(page: str) -> int:
    return page.count(">Missing</span>")


async def test_each_language_has_its_words_and_says_what_is_missing(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)

    source = html.unescape((await editor.get("/surveys/till/edit")).text)
    german = html.unescape((await editor.get("/surveys/till/edit", language="de")).text)

    assert [*re.findall(r'<a href="[^"]*language=(\w+)"', source)] == ["en", "de", "nb"]
    assert marked(source) == 0
    assert fields_of(german)["questions[0].text"] == "Warum?"
    assert "<bdi>Why?</bdi>" in german
    assert "3 texts are missing: people who read Deutsch see them in English." in german
    assert marked(german) == 3
    assert fields_of(german)["title"] == ""
    assert 'name="remove"' not in german
    assert "presentation.brand" not in fields_of(german)
    assert "?lang=de" in german


async def test_what_is_typed_in_a_language_is_of_that_language_alone(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)
    before = tree_of(FILE, "yaml")

    reply = await save(editor, "de", title="Wie war es?", **{"questions[0].text": "Wieso?"})
    text = await text_of(editor)
    after = tree_of(text, "yaml")

    assert reply.headers["location"].endswith("/surveys/till/edit?language=de")
    assert after["title"] == {"en": "How was it?", "de": "Wie war es?", "nb": "How was it?"}
    assert after["questions"][0]["text"] == {"en": "Why?", "de": "Wieso?", "nb": "Hvorfor?"}
    assert after["questions"][0]["required"] is True
    assert after["questions"][0]["choices"] == before["questions"][0]["choices"]
    changed = [line for line in text.splitlines() if line not in FILE.splitlines()]
    title = "title: {en: 'How was it?', de: 'Wie war es?', nb: 'How was it?'}"
    assert changed == [
        f"{title}   # plain, the same in every language",
        "    text: {en: Why?, de: 'Wieso?', nb: Hvorfor?}",
    ]


async def test_a_field_emptied_in_a_language_says_the_survey_s_own_words_again(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)

    await save(editor, "nb", **{"questions[0].text": ""})

    said = tree_of(await text_of(editor), "yaml")["questions"][0]["text"]
    assert said == {"en": "Why?", "de": "Warum?", "nb": "Why?"}


async def test_a_problem_in_a_language_comes_back_at_its_field(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)

    reply = await save(editor, "de", title="x" * 2001)

    assert reply.status_code == 422
    assert fields_of(reply.text)["title"] == "x" * 2001
    assert fields_of(reply.text)["language"] == "de"
    assert "2000" in reply.text.partition('id="f-title-error"')[2][:400]


async def test_a_language_that_the_survey_lacks_is_its_own(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)

    page = await editor.get("/surveys/till/edit", language="xx")

    assert fields_of(page.text)["language"] == "en"
    assert fields_of(page.text)["title"] == "How was it?"


async def test_a_change_without_a_place_in_the_file_is_asked_about_before_it_is_saved(
    api: Api,
) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, NO_PLACE)

    asked = await save(editor, **{"questions[0].help": "Be frank", "do": "down:0"})
    kept = await text_of(editor)
    agreed = await editor.http.post(
        editor.at("/surveys/till/edit"), data={**fields_of(asked.text), "do": "down:0"}
    )
    text = await text_of(editor)

    assert asked.status_code == 422
    assert "without its comments" in asked.text
    assert "Save without comments" in asked.text
    assert fields_of(asked.text)["questions[0].help"] == "Be frank"
    assert kept == NO_PLACE
    assert agreed.status_code == 303
    assert "#" not in text
    assert [each["key"] for each in tree_of(text, "yaml")["questions"]] == ["why", "recommend"]


async def test_a_toml_file_says_that_it_is_written_anew_as_yaml(api: Api) -> None:
    editor = await sign_in(api, "editor")
    toml = (
        'key = "till"\ntitle = "How?"\n# why\n[[questions]]\ntype = "nps"\nkey = "a"\ntext = "A?"\n'
    )
    await keep(editor, toml, "toml")

    page = await editor.get("/surveys/till/edit")
    await save(editor, title="Other")

    assert "writes it anew as YAML, without its comments" in page.text
    assert tree_of(await text_of(editor), "yaml")["title"] == "Other"


async def test_a_template_is_begun_with_its_file_as_it_is(api: Api) -> None:
    editor = await sign_in(api, "editor")
    page = await editor.get("/surveys/new/nps")

    await editor.post("/surveys/new/nps", title=fields_of(page.text)["title"], key="till")

    text = await text_of(editor)
    assert text.startswith("key: till\ntitle:\n  en: How likely are you to recommend us?\n  de:")
    assert 'theme: {accent: "#0b6e5f", radius: large}' in text


LOGOS = [
    (b"", "Choose a picture first"),
    (b"no picture", "this file is none"),
    (b"\x89PNG\r\n\x1a\n" + b"0" * 24 * 1024, "24,576 bytes at most"),
]


async def test_a_logo_is_chosen_and_removed(api: Api) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)

    reply = await send_logo(editor, PICTURE)
    saved = await text_of(editor)
    shown = await editor.get("/surveys/till/logo")
    gone = await send_logo(editor, b"", do="remove")

    assert reply.status_code == 303, reply.text
    assert saved.startswith(FILE)
    logo = tree_of(saved, "yaml")["presentation"]["theme"]["logo"]
    assert logo.startswith("data:image/png;base64,")
    assert f'src="{logo}"' in html.unescape(shown.text)
    assert gone.status_code == 303
    assert (await text_of(editor)).startswith(FILE)
    assert "logo" not in await text_of(editor)


@pytest.mark.parametrize(("content", "said"), LOGOS)
async def test_what_is_no_logo_is_refused_at_its_field(api: Api, content: bytes, said: str) -> None:
    editor = await sign_in(api, "editor")
    await keep(editor, FILE)

    reply = await send_logo(editor, content)

    assert reply.status_code == 422
    assert said in html.unescape(reply.text.partition('id="f-logo-error"')[2])
    assert await text_of(editor) == FILE


async def test_a_logo_over_somebody_else_s_draft_is_not_saved(api: Api) -> None:
    editor, other = await sign_in(api, "editor"), await sign_in(api, "owner")
    await keep(editor, FILE)
    opened = await editor.get("/surveys/till/logo")
    await save(other, title="Theirs")

    reply = await send_logo(editor, PICTURE, fields=fields_of(opened.text))

    assert reply.status_code == 409
    assert "logo" not in await text_of(editor)


async def send_logo(
    editor: SignedIn, content: bytes, do: str = "save", fields: dict[str, str] | None = None
) -> Any:
    fields = fields or fields_of((await editor.get("/surveys/till/logo")).text)
    fields = {name: value for name, value in fields.items() if name != "logo"}
    return await editor.http.post(
        editor.at("/surveys/till/logo"),
        data={**fields, "do": do},
        files={"logo": ("logo.png", content, "image/png")},
    )
