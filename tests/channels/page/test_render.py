"""Rendering: every type shows, every text is inert, every template fits its budget."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from page_surveys import QUESTIONS, question, survey_with

from harken_server.channels.page.render import (
    NOTICE_STATUS,
    page_script,
    page_style,
    render_ending,
    render_notice,
    safe_link,
)
from harken_server.kernel.errors import Problem
from harken_server.kernel.languages import LANGUAGES
from harken_server.kernel.shown_text import without_hidden
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.survey import Ending, Survey, Theme

TEMPLATES = sorted(
    (Path(__file__).parents[3] / "survey_templates").glob("*.survey.yaml"),
    key=lambda path: path.name,
)
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></style></textarea></noscript><iframe srcdoc=x>",
    "{{7*7}}{% for x in y %}${7*7}{0.__class__}%s",
    "<!--<plaintext><xmp>",
    "\u2028\u202e&lt;b&gt;&amp;",
]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_type_is_shown_with_native_controls_and_a_name(page_of, read_page, kind):
    page = read_page(
        page_of(survey_with(question(kind, required=kind != "statement"))).body.decode()
    )

    assert "Asked?" in page.text
    if kind == "statement":
        return
    controls = [
        have
        for tag in ("input", "select", "textarea")
        for have in page.all_of(tag)
        if (have.get("name") or "").startswith("a_asked")
    ]
    assert controls
    labels = {have.get("for") for have in page.all_of("label")}
    assert page.all_of("legend") or "a_asked" in labels
    assert not any("role" in have and have["role"] not in {"alert"} for _, have in page.tags)
    assert "required" in page.text


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_in_any_field_stays_text(page_of, read_page, kind, payload):
    plain = survey_with(question(kind, help="Help"), intro="Intro", presentation={"brand": "Brand"})
    hostile = _with_texts(plain, payload)

    before = read_page(page_of(plain).body.decode())
    page = read_page(page_of(hostile).body.decode())

    assert [tag for tag, _ in page.tags] == [tag for tag, _ in before.tags]
    for (_, had), (_, have) in zip(before.tags, page.tags, strict=True):
        assert set(had) == set(have)
    assert payload.strip() in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_answers_and_context_stay_text(page_of, read_page, payload):
    definition = survey_with(
        {"type": "short_text", "key": "name", "text": "Name"},
        {"type": "long_text", "key": "asked", "text": "{{context.who}} and {{answer.name}}"},
        context={"who": "you"},
    )
    parts = {"answers": {"name": payload, "asked": payload}, "after": "name"}

    page = read_page(page_of(definition, context={"who": payload}, **parts).body.decode())

    shown = without_hidden(" ".join(payload.split()))
    assert f"{shown} and {shown}" in page.text
    assert page.fields["a_asked"] == [payload]
    assert not [tag for tag, _ in page.tags if tag in {"img", "svg", "iframe", "plaintext", "xmp"}]
    assert len(page.all_of("script")) == 1


def test_placeholders_are_filled_once_and_never_again(page_of, read_page):
    definition = survey_with(
        {"type": "nps", "key": "asked", "text": "Hi {{context.who}}"}, context={"who": "you"}
    )

    page = read_page(page_of(definition, context={"who": "{{context.who}}{{7*7}}"}).body.decode())

    assert "Hi {{context.who}}{{7*7}}" in page.text


def test_a_policy_names_the_very_style_and_script_of_the_page(page_of):
    document = page_of(survey_with(question("nps")))
    html = document.body.decode()
    for tag in ("style", "script"):
        [source] = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in document.policy
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)


def test_a_page_loads_nothing(page_of, read_page):
    page = read_page(page_of(survey_with(*_all_questions())).body.decode())

    assert not [have for _, have in page.tags if have.get("src")]
    assert [have["href"] for have in page.all_of("link")] == ["data:,"]
    assert "url(" not in page_style(Theme())
    assert "@import" not in page_style(Theme())


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_usual_first_view_stays_under_its_budget_in_every_language(page_of, locale):
    definition = survey_with(
        {"type": "nps", "key": "recommend", "text": "How likely are you to recommend us?"},
        {"type": "long_text", "key": "why", "text": "Why?"},
        locale=locale,
    )

    document = page_of(definition, locale)

    assert len(gzip.compress(document.body, 9)) < 6_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name.partition(".")[0])
def test_every_template_renders_in_every_locale_it_offers_within_14_kb(page_of, read_page, path):
    survey = decode_survey(path.read_bytes(), "yaml")
    definition = msgspec.to_builtins(survey)
    for locale in {survey.locale, *survey.locales}:
        for after in ("", *(each.key for each in survey.questions[:-1])):
            document = page_of(definition, locale, after=after)
            page = read_page(document.body.decode())
            assert page.all_of("html")[0]["lang"] == locale
            assert len(page.all_of("form")) == 1
            assert len(gzip.compress(document.body, 9)) < 14_000
        for ending in survey.endings:
            shown = render_ending(survey, ending, locale, answers={}, context={})
            assert shown.status == 200


def test_there_are_templates():
    assert len(TEMPLATES) >= 10


def test_problems_are_listed_linked_and_described(page_of, read_page):
    definition = survey_with(question("nps", required=True), {**question("email"), "key": "mail"})
    problems = (
        Problem("$.answers.asked", "required", "x", question="asked"),
        Problem("$.answers.mail", "invalid_email", "x", question="mail"),
    )

    document = page_of(definition, answers={"mail": "nope"}, problems=problems)
    page = read_page(document.body.decode())

    assert document.status == 422
    assert [have["href"] for have in page.all_of("a")] == ["#a_asked", "#a_mail"]
    [mail] = [have for have in page.all_of("input") if have.get("name") == "a_mail"]
    assert mail["aria-invalid"] == "true"
    assert mail["aria-describedby"].split()[-1] == "a_mail-error"
    assert mail["value"] == "nope"
    [summary] = [have for have in page.all_of("div") if have.get("id") == "errors"]
    assert {"autofocus", "tabindex"} <= set(summary)
    assert "Error: Title" in page.text


def test_what_could_not_be_saved_is_still_on_the_page(page_of, read_page):
    document = page_of(
        survey_with(question("long_text")), answers={"asked": "kept"}, is_unsaved=True
    )

    assert document.status == 503
    assert read_page(document.body.decode()).fields["a_asked"] == ["kept"]
    assert b"could not save" in document.body


@pytest.mark.parametrize("kind", NOTICE_STATUS)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_kind_page_renders_in_every_language(kind, locale):
    document = render_notice(kind, locale)

    assert document.status == NOTICE_STATUS[kind]
    assert f'lang="{locale}"'.encode() in document.body
    assert b"<form" not in document.body


def test_right_to_left_languages_say_so(page_of):
    assert b'dir="rtl"' in page_of(survey_with(question("nps"), locale="ar"), "ar").body
    assert b'dir="ltr"' in page_of(survey_with(question("nps"))).body


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example",
        "https://user@evil.example", "https:evil", "http://plain.example", "https://a\tb.example",
        "https://good.example\\@evil.example", "https://[bad", "vbscript:x", None,
    ],
)  # fmt: skip
def test_a_link_that_is_not_plain_https_is_not_shown(link):
    assert safe_link(link) is None
    ending = Ending(key="e", title="Thanks", link=link)
    survey = msgspec.convert(survey_with(question("nps")), Survey)

    document = render_ending(survey, ending, "en", answers={}, context={})

    assert b"<a " not in document.body


def test_a_plain_https_link_is_shown_without_telling_where_one_came_from(read_page):
    ending = Ending(key="e", title="Thanks", link="https://example.com/a?b=1&c=2")
    survey = msgspec.convert(survey_with(question("nps")), Survey)

    document = render_ending(survey, ending, "en", answers={}, context={})

    [link] = read_page(document.body.decode()).all_of("a")
    assert link["href"] == "https://example.com/a?b=1&c=2"
    assert "noreferrer" in (link["rel"] or "")


def test_the_script_is_less_than_1400_bytes_compressed():
    assert len(gzip.compress(page_script().encode(), 9)) < 1400


def _all_questions() -> list[dict[str, Any]]:
    return [{**question(kind), "key": f"q_{kind}"} for kind in QUESTIONS]


def _with_texts(definition: dict[str, Any], text: str) -> dict[str, Any]:
    texts = {"title", "text", "help", "intro", "label", "low_label", "high_label", "other",
             "placeholder", "unit", "brand"}  # fmt: skip

    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, list):
            return [change(item) for item in value]
        if isinstance(value, dict):
            return {key: change(item, key) for key, item in value.items()}
        if name not in texts or not isinstance(value, str):
            return value
        return text[:80] if name == "brand" else text

    return change(definition)
