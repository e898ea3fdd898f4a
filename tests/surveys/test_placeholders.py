"""Placeholders become plain text, once, with a fallback."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from harken_server.surveys.logic.placeholders import (
    MAX_SHOWN_CHARS,
    has_malformed_placeholder,
    placeholder_names,
    shown_answers,
    substitute,
    with_fallbacks,
)
from harken_server.surveys.questions.types import Number, Question


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {{context.name}}!", "Hi Ada!"),
        ("{{answer.recommend}} of 10", "9 of 10"),
        ("{{ context.name }}", "Ada"),
        ("{{context.city|your town}}", "your town"),
        ("{{context.city| your town }}", "your town"),
        ("{{context.store}}", "our shop"),
        ("{{context.store|}}", ""),
        ("{{context.ghost}}", ""),
        ("{{answer.ghost|this}}", "this"),
        ("{{context.blank|x}}", "x"),
        ("{{context.flag|x}}", "x"),
        ("{{context.visits}}", "3"),
        ("no placeholder { } {{", "no placeholder { } {{"),
    ],
)
def test_a_placeholder_takes_the_value_or_a_fallback(text: str, expected: str) -> None:
    context = {"name": "Ada", "visits": 3.0, "blank": "  ", "flag": True}
    assert substitute(text, context, {"recommend": 9}, {"store": "our shop"}) == expected


def test_a_value_is_never_read_for_placeholders_again() -> None:
    context = {"name": "{{context.secret}}", "secret": "s3cret"}
    assert substitute("{{context.name}}", context, {}, {}) == "{{context.secret}}"


def test_a_value_stays_plain_text() -> None:
    context = {"name": "<script>alert(1)</script>"}
    assert substitute("{{context.name}}", context, {}, {}) == "<script>alert(1)</script>"


def test_a_long_value_is_cut_and_put_on_one_line() -> None:
    shown = substitute("{{context.name}}", {"name": "word\r\n" * 500}, {}, {})
    assert len(shown) <= MAX_SHOWN_CHARS
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("{{context.store}}", "{{context.store|our shop}}"),
        ("{{ context.store }}", "{{context.store|our shop}}"),
        ("{{context.store| here }}", "{{context.store|here}}"),
        ("{{context.store|}}", "{{context.store|}}"),
        ("{{answer.store}}", "{{answer.store|}}"),
        ("{{context.ghost}} or {{answer.why|so}}", "{{context.ghost|}} or {{answer.why|so}}"),
        ("{{context.braces}}!", "{{context.braces|)){{x))}}!"),
        ("no placeholder { } {{", "no placeholder { } {{"),
    ],
)
def test_for_the_browser_every_placeholder_names_its_fallback(text: str, sent: str) -> None:
    assert with_fallbacks(text, {"store": "our shop", "braces": "}}{{x}}"}) == sent


def test_hostile_texts_take_linear_time() -> None:
    started = time.perf_counter()
    for text in ("{{" * 50_000, "{{context." * 20_000, "{{context.a|" * 20_000 + "}}"):
        substitute(text, {}, {}, {})
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("text", ["{{name}}", "{{context.Name}}", "{{context.a", "{{answer.a.b}}"])
def test_malformed_placeholders_are_seen(text: str) -> None:
    assert has_malformed_placeholder(text)


def test_names_are_found_in_every_locale() -> None:
    names = placeholder_names({"en": "{{context.a}}", "de": "{{answer.b|x}}"})
    assert {(name.source, name.name) for name in names} == {("context", "a"), ("answer", "b")}


def test_answers_are_shown_by_their_labels() -> None:
    choices = [
        {"value": "price", "label": {"en": "The price", "de": "Der Preis"}},
        {"value": "speed", "label": "Speed"},
    ]
    made: list[dict[str, Any]] = [
        {"type": "single_choice", "key": "one", "choices": choices, "other": "Other"},
        {"type": "multiple_choice", "key": "many", "choices": choices, "other": "Other"},
        {"type": "nps", "key": "recommend"},
        {"type": "consent", "key": "ok", "label": "I agree"},
    ]
    questions = {q["key"]: msgspec.convert({"text": "?", **q}, Question) for q in made}
    answers = {
        "one": "price",
        "many": ["price", {"other": "music"}],
        "recommend": 9,
        "ok": True,
        "ghost": "x",
    }
    assert shown_answers(questions, answers, "de-AT", "en") == {
        "one": "Der Preis",
        "many": "Der Preis, music",
        "recommend": "9",
    }


@pytest.mark.parametrize(("locale", "said"), [
    ("en", "1234567.5"), ("de", "1234567,5"), ("fr", "1234567,5"), ("ar", "1234567.5"),
])  # fmt: skip
def test_numbers_are_said_in_the_signs_of_the_language(locale: str, said: str) -> None:
    text = "{{context.n}} {{answer.n}}"
    answers = shown_answers({"n": Number(key="n", text="?")}, {"n": 1234567.5}, locale, "en")

    assert substitute(text, {"n": 1234567.5}, answers, {}, locale) == f"{said} {said}"
