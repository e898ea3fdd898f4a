"""Targeting is read from every notation, and refused in its place when it makes no sense."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
import tomli_w
import yaml

from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.checks import check_survey
from harken_server.surveys.definition import decode_survey, encode_survey
from harken_server.surveys.survey import Survey
from harken_server.surveys.targeting import OnEvent, OnLoad, Targeting
from harken_server.surveys.version_changes import compare_surveys

EVERYTHING: dict[str, Any] = {
    "mode": "tab",
    "position": "top_left",
    "button": {"en": "Feedback", "de": "Rückmeldung"},
    "opens": [
        {"on": "load"},
        {"on": "time", "seconds": 20},
        {"on": "scroll", "percent": 60},
        {"on": "exit"},
        {"on": "click", "selector": "#buy, .buy > button"},
        {
            "on": "event",
            "name": "order_placed",
            "where": [
                {"property": "total", "op": "at_least", "value": 49.5},
                {"property": "country", "value": "no"},
                {"property": "coupon", "op": "contains", "value": "WELCOME"},
                {"property": "is_gift", "op": "not_equals", "value": True},
            ],
        },
    ],
    "needs": "all",
    "pages": [
        {"match": "prefix", "url": "/shop"},
        {"match": "glob", "url": "https://*.example.com/*"},
        {"match": "exact", "url": "https://example.com/"},
        {"match": "contains", "url": "checkout"},
    ],
    "not_pages": [{"match": "glob", "url": "/shop/*/print?"}],
    "locales": ["en", "de-AT"],
    "devices": ["phone", "desktop"],
    "sample_rate": 0.25,
    "cooldown": {"shown_days": 1, "dismissed_days": 2.5, "answered_days": 365},
    "max_shown": 3,
    "closes_on_navigation": True,
}


def tree(widget: Any, **fields: Any) -> dict[str, Any]:
    questions = [{"type": "nps", "key": "q", "text": "?"}]
    return {"key": "s", "title": "S", "questions": questions, "widget": widget, **fields}


def problems(locales: tuple[str, ...] = (), /, **widget: Any) -> list[Problem]:
    return check_survey(msgspec.convert(tree(widget, locales=list(locales)), Survey))


def codes(locales: tuple[str, ...] = (), /, **widget: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems(locales, **widget)]


def refused(widget: Any, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinitionError) as caught:
        decode_survey(json.dumps(tree(widget, **fields)).encode(), "json")
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_everything_that_can_be_said_is_read_from_all_notations_alike() -> None:
    whole = tree(EVERYTHING, locales=["de"])
    from_json = decode_survey(json.dumps(whole).encode(), "json")
    from_yaml = decode_survey(yaml.safe_dump(whole, allow_unicode=True).encode(), "yaml")
    from_toml = decode_survey(tomli_w.dumps(whole).encode(), "toml")
    assert from_json == from_yaml == from_toml
    widget = from_json.widget
    assert widget is not None
    assert isinstance(widget.opens[5], OnEvent)
    assert json.loads(msgspec.json.encode(widget)) == EVERYTHING


def test_yaml_reads_on_as_the_word_that_it_is() -> None:
    text = "key: s\ntitle: S\nquestions: [{type: nps, key: q, text: Q}]\n"
    survey = decode_survey(f"{text}widget:\n  opens:\n    - on: load\n".encode(), "yaml")
    assert survey.widget is not None
    assert survey.widget.opens == (OnLoad(),)


def test_targeting_survives_its_canonical_form_and_says_no_defaults() -> None:
    usual = {"mode": "popover", "sample_rate": 1, "cooldown": {"shown_days": 7}, "opens": []}
    survey = msgspec.convert(tree(usual), Survey)
    assert survey.widget == Targeting()
    assert b'"widget":{}' in encode_survey(survey)
    assert decode_survey(encode_survey(survey), "json") == survey


@pytest.mark.parametrize(
    ("widget", "path", "code"),
    [
        ({"mode": "popup"}, "mode", "not_one_of"),
        ({"color": 1}, "color", "unknown_field"),
        ({"opens": [{"on": "hover"}]}, "opens[0].on", "unknown_on"),
        ({"opens": [{"seconds": 3}]}, "opens[0].on", "missing"),
        ({"opens": [{"on": "time", "seconds": -1}]}, "opens[0].seconds", "out_of_range"),
        ({"opens": [{"on": "scroll", "percent": 101}]}, "opens[0].percent", "out_of_range"),
        ({"opens": [{"on": "event", "name": "1st"}]}, "opens[0].name", "bad_format"),
        ({"opens": [{"on": "event", "name": "a\n"}]}, "opens[0].name", "bad_format"),
        ({"pages": [{"match": "regex", "url": "/"}]}, "pages[0].match", "not_one_of"),
        ({"pages": [{"url": "/"}]}, "pages[0].match", "missing"),
        ({"locales": ["german"]}, "locales[0]", "bad_format"),
        ({"devices": ["watch"]}, "devices[0]", "not_one_of"),
        ({"sample_rate": 1.5}, "sample_rate", "out_of_range"),
        ({"sample_rate": "half"}, "sample_rate", "wrong_type"),
        ({"cooldown": {"shown_days": -1}}, "cooldown.shown_days", "out_of_range"),
        ({"max_shown": 0}, "max_shown", "out_of_range"),
    ],
)
def test_a_wrong_shape_is_refused_in_its_place(
    widget: dict[str, Any], path: str, code: str
) -> None:
    assert refused(widget) == [(f"$.widget.{path}", code)]


def test_a_widget_that_is_no_map_is_refused() -> None:
    assert refused("popover") == [("$.widget", "wrong_type")]


def test_a_sample_rate_that_is_no_number_is_refused() -> None:
    whole = json.dumps(tree({"sample_rate": 0.5})).replace("0.5", "NaN")
    with pytest.raises(InvalidDefinitionError):
        decode_survey(whole.encode(), "json")
    survey = msgspec.convert(tree({}), Survey)
    widget = Targeting(sample_rate=float("nan"))
    found = check_survey(msgspec.structs.replace(survey, widget=widget))
    assert [(problem.path, problem.code) for problem in found] == [
        ("$.widget.sample_rate", "out_of_range")
    ]


def test_a_broken_widget_does_not_keep_the_rest_from_being_judged() -> None:
    found = refused({"mode": "popup", "needs": "all"}, title="{{context.ghost}}")
    assert found == [("$.widget.mode", "not_one_of"), ("$.title", "unknown_context")]


def test_a_broken_question_does_not_keep_the_widget_from_being_judged() -> None:
    found = refused({"needs": "all"}, intro=5)
    assert found == [("$.intro", "wrong_type"), ("$.widget.needs", "unsuitable_field")]


@pytest.mark.parametrize(
    ("widget", "path", "code", "part"),
    [
        ({"element": "#here"}, "element", "unsuitable_field", "the mode is popover"),
        ({"mode": "modal", "button": "Hi"}, "button", "unsuitable_field", "the mode is modal"),
        ({"needs": "all"}, "needs", "unsuitable_field", "nothing is"),
        ({"mode": "inline", "element": " "}, "element", "bad_selector", "one line"),
        (
            {"opens": [{"on": "click", "selector": "a\nb"}]},
            "opens[0].selector",
            "bad_selector",
            "one line",
        ),
        (
            {"opens": [{"on": "click", "selector": "a\0"}]},
            "opens[0].selector",
            "bad_selector",
            "one line",
        ),
        ({"mode": "tab", "button": " "}, "button", "blank_text", "blank"),
        ({"mode": "tab", "button": "x" * 41}, "button", "too_long", "40 characters, not 41"),
        ({"mode": "tab", "button": {"en": "x" * 41}}, "button.en", "too_long", "not 41"),
    ],
)
def test_what_says_nothing_or_cannot_be_is_refused(
    widget: dict[str, Any], path: str, code: str, part: str
) -> None:
    [problem] = problems(**widget)
    assert (problem.path, problem.code) == (f"$.widget.{path}", code)
    assert part in problem.message


@pytest.mark.parametrize(
    "widget",
    [
        {"mode": "inline"},
        {"mode": "inline", "element": "main > p:nth-of-type(2)"},
        {"mode": "modal", "position": "top_left"},
        {"mode": "tab", "button": "Feedback"},
        {"pages": [{"match": "contains", "url": "a"}] * 2, "devices": ["phone", "phone"]},
        {"locales": ["fr"]},
    ],
)
def test_what_is_harmless_is_accepted(widget: dict[str, Any]) -> None:
    assert problems(**widget) == []


def test_the_label_of_a_tab_speaks_every_locale_and_holds_no_placeholders() -> None:
    assert codes(("de",), mode="tab", button={"en": "Hi"}) == [
        ("$.widget.button.de", "missing_string")
    ]
    found = check_survey(
        msgspec.convert(
            tree({"mode": "tab", "button": "{{context.a}}"}, context={"a": "b"}), Survey
        )
    )
    assert [(problem.path, problem.code) for problem in found] == [
        ("$.widget.button", "bad_placeholder")
    ]


@pytest.mark.parametrize(
    ("op", "value", "is_sound"),
    [
        ("at_least", 3, True),
        ("at_most", 2.5, True),
        ("at_least", "3", False),
        ("at_most", True, False),
        ("contains", "x", True),
        ("contains", 3, False),
        ("equals", False, True),
        ("not_equals", "x", True),
    ],
)
def test_a_property_is_compared_with_what_can_be_compared(
    op: str, value: Any, is_sound: bool
) -> None:
    rule = {"property": "total", "op": op, "value": value}
    expected = [] if is_sound else [("$.widget.opens[0].where[0].value", "wrong_type")]
    assert codes(opens=[{"on": "event", "name": "e", "where": [rule]}]) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, {}),
        ({"mode": "modal"}, None),
        ({"sample_rate": 0.5}, {"sample_rate": 0.6}),
        (
            {"opens": [{"on": "event", "name": "e", "where": [{"property": "a", "value": 1}]}]},
            {"opens": [{"on": "event", "name": "e", "where": [{"property": "a", "value": True}]}]},
        ),
    ],
)
def test_another_targeting_is_cosmetic(old: Any, new: Any) -> None:
    before, after = (msgspec.convert(tree(widget), Survey) for widget in (old, new))
    change = compare_surveys(before, after)
    assert change.kind == "cosmetic"
    assert [(line.path, line.message) for line in change.changes] == [
        ("$.widget", "The widget's targeting changed.")
    ]
    assert compare_surveys(after, after).kind == "none"
