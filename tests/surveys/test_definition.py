"""Files in three notations become the same survey, or a list of everything wrong with them."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec
import pytest
import tomli_w
import yaml

from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.definition import (
    decode_survey,
    encode_survey,
    read_published,
    survey_digest,
)
from harken_server.surveys.files.parsing import MAX_PROBLEMS
from harken_server.surveys.questions.types import SingleChoice
from harken_server.surveys.survey import Survey

PLAIN: dict[str, Any] = {
    "$schema": "https://harken.dev/schema/survey-1.json",
    "key": "demo",
    "title": {"en": "Hello", "no": "Hei"},
    "locales": ["no"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
        {
            "type": "long_text",
            "key": "why",
            "text": "Why?",
            "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
        },
        {"type": "date", "key": "day", "text": "When?", "earliest": "2026-01-01"},
    ],
}


def refused(raw: bytes | str, notation: Literal["json", "yaml", "toml"] = "yaml") -> list[Problem]:
    with pytest.raises(InvalidDefinitionError) as caught:
        decode_survey(raw.encode() if isinstance(raw, str) else raw, notation)
    assert caught.value.problems
    return list(caught.value.problems)


def refused_tree(tree: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in refused(json.dumps(tree), "json")]


def with_question(**fields: Any) -> dict[str, Any]:
    return {**PLAIN, "questions": [{**PLAIN["questions"][0], **fields}]}


def test_three_notations_give_the_same_survey() -> None:
    from_json = decode_survey(json.dumps(PLAIN).encode(), "json")
    from_yaml = decode_survey(yaml.safe_dump(PLAIN).encode(), "yaml")
    from_toml = decode_survey(tomli_w.dumps(PLAIN).encode(), "toml")
    assert from_json == from_yaml == from_toml
    assert from_json.key == "demo"


def test_five_mistakes_are_reported_as_five_each_with_its_path_and_line() -> None:
    text = """\
key: demo
title: Hello
questions:
  - {type: nps, key: recommend, text: How likely?, low: 1}
  - {type: long_text, key: why, text: Why?, max_chars: 90000}
  - {type: single_choise, key: which, text: Which?}
  - type: rating
    key: stars
    text: Stars?
    show_if: {op: at_most, answer: ghost, value: 3}
  - {type: long_text, key: why, text: Again?}
"""
    found = refused(text)
    assert [(problem.path, problem.code) for problem in found] == [
        ("$.questions[0].low", "wrong_scale"),
        ("$.questions[1].max_chars", "out_of_range"),
        ("$.questions[2].type", "unknown_type"),
        ("$.questions[3].show_if.answer", "unknown_question"),
        ("$.questions[4].key", "duplicate_key"),
    ]
    assert "(line 4)" in found[0].message
    assert found[1].limit == 10_000
    assert "`single_choice`" in found[2].message
    assert "(line 10)" in found[3].message


def test_a_question_with_several_mistakes_reports_each() -> None:
    question = {"type": "short_text", "key": "Bad Key", "text": 5, "max_chars": 0, "colour": "red"}
    assert sorted(refused_tree({**PLAIN, "questions": [question]})) == [
        ("$.questions[0].colour", "unknown_field"),
        ("$.questions[0].key", "bad_format"),
        ("$.questions[0].max_chars", "out_of_range"),
        ("$.questions[0].text", "wrong_type"),
    ]


def test_an_unreadable_question_raises_no_alarm_about_those_that_refer_to_it() -> None:
    broken = {"type": "single_choice", "key": "recommend", "text": "?", "choices": "none"}
    tree = {**PLAIN, "questions": [broken, PLAIN["questions"][1]]}
    assert refused_tree(tree) == [("$.questions[0].choices", "wrong_type")]


def test_an_unreadable_choice_raises_no_alarm_about_conditions_on_it() -> None:
    choices = [
        {"value": "a", "label": "A"},
        {"value": "b", "label": 5},
        {"value": "c", "label": "C"},
    ]
    tree = {
        **PLAIN,
        "questions": [
            {"type": "single_choice", "key": "recommend", "text": "?", "choices": choices},
            {
                "type": "nps",
                "key": "n",
                "text": "?",
                "show_if": {"op": "equals", "answer": "recommend", "value": "b"},
            },
        ],
    }
    assert refused_tree(tree) == [("$.questions[0].choices[1].label", "wrong_type")]


@pytest.mark.parametrize(
    ("tree", "path", "code"),
    [
        ([], "$", "wrong_type"),
        (None, "$", "wrong_type"),
        ({**PLAIN, "questions": {}}, "$.questions", "wrong_type"),
        ({**PLAIN, "questions": []}, "$.questions", "too_few"),
        ({**PLAIN, "questions": [5]}, "$.questions[0]", "wrong_type"),
        ({**PLAIN, "key": "x" * 65}, "$.key", "bad_format"),
        ({**PLAIN, "key": "demo\n"}, "$.key", "bad_format"),
        ({**PLAIN, "touchpoints": ["Order Delivered"]}, "$.touchpoints[0]", "bad_format"),
        ({**PLAIN, "locale": "english"}, "$.locale", "bad_format"),
        ({**PLAIN, "context": {"Name": ""}}, "$.context.Name", "bad_format"),
        ({**PLAIN, "title": {}}, "$.title", "too_few"),
        ({**PLAIN, "title": {"EN": "x"}}, "$.title.EN", "bad_format"),
        ({**PLAIN, "extra": 1}, "$.extra", "unknown_field"),
        (
            {**PLAIN, "presentation": {"theme": {"accent": "red"}}},
            "$.presentation.theme.accent",
            "bad_format",
        ),
        (
            {**PLAIN, "endings": [{"key": "e", "title": "x", "link": "javascript:alert(1)"}]},
            "$.endings[0].link",
            "bad_format",
        ),
        (with_question(text="a\x00b"), "$.questions[0].text", "invalid_text"),
        (with_question(text="a\x1bb"), "$.questions[0].text", "invalid_text"),
        (with_question(text="\ud800"), "$.questions[0].text", "invalid_text"),
        (with_question(text=""), "$.questions[0].text", "too_short"),
        (with_question(text="x" * 2001), "$.questions[0].text", "too_long"),
        (with_question(required="yes"), "$.questions[0].required", "wrong_type"),
        (with_question(required=1), "$.questions[0].required", "wrong_type"),
        (with_question(show_if={}), "$.questions[0].show_if.op", "missing"),
        (with_question(show_if={"op": "like"}), "$.questions[0].show_if.op", "unknown_op"),
        (with_question(low=10**300), "$.questions[0].low", "out_of_range"),
        (with_question(low=1.0), "$.questions[0].low", "wrong_type"),
        (with_question(type="rating", style="hearts"), "$.questions[0].style", "not_one_of"),
        (with_question(type="ces", variant=2.0), "$.questions[0].variant", "not_one_of"),
    ],
)
def test_a_wrong_shape_is_named_with_its_path(tree: Any, path: str, code: str) -> None:
    assert (path, code) in refused_tree(tree)


@pytest.mark.parametrize(
    ("raw", "notation", "code"),
    [
        ("[" * 200_000, "json", "too_deep"),
        ("[" * 200_000, "yaml", "too_deep"),
        ("a = " + "[" * 200_000, "toml", "too_deep"),
        ("- " * 100_000, "yaml", "too_deep"),
        (b" " * (256 * 1024 + 1), "yaml", "definition_too_large"),
        (b"key: \xff", "yaml", "not_utf8"),
        ("{", "json", "malformed_json"),
        ('{"a": NaN}', "json", "malformed_json"),
        ('{"a": ' + "9" * 5000 + "}", "json", "malformed_json"),
        ("a = ", "toml", "malformed_toml"),
        ("a = " + "9" * 5000, "toml", "malformed_toml"),
        ("a: [1", "yaml", "malformed_yaml"),
        ("a: \x00", "yaml", "malformed_yaml"),
        ('{"a": 1, "a": 2}', "json", "duplicate_map_key"),
        ("a: 1\na: 2\n", "yaml", "duplicate_map_key"),
        ("a: &x 1\nb: *x\n", "yaml", "yaml_alias"),
        ("a: !!python/object/apply:os.system [id]\n", "yaml", "yaml_tag"),
        ("a: 1\n---\nb: 2\n", "yaml", "several_documents"),
        ("? [a]\n: 1\n", "yaml", "odd_map_key"),
    ],
)
def test_a_file_that_is_no_tree_is_refused_with_one_reason(
    raw: bytes | str, notation: Literal["json", "yaml", "toml"], code: str
) -> None:
    found = refused(raw, notation)
    assert [(problem.path, problem.code) for problem in found] == [("$", code)]
    assert found[0].message.isprintable()


def test_a_flood_of_mistakes_is_cut() -> None:
    text = "key: a\ntitle: b\nquestions:\n" + "  - {type: nps, key: a, text: t}\n" * 5000
    with pytest.raises(InvalidDefinitionError, match="has more than 100 problems") as caught:
        decode_survey(text.encode(), "yaml")
    assert len(caught.value.problems) == MAX_PROBLEMS


def test_yaml_words_stay_words() -> None:
    text = """\
key: demo
title: {en: "On", no: Hei}
questions:
  - type: single_choice
    key: q
    text: off
    choices: [{value: no, label: yes}, {value: "on", label: 12:30}]
"""
    question = decode_survey(text.encode(), "yaml").questions[0]
    assert isinstance(question, SingleChoice)
    assert question.text == "off"
    assert [(c.value, c.label) for c in question.choices] == [("no", "yes"), ("on", "12:30")]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert decode_survey(b"\xef\xbb\xbf" + json.dumps(PLAIN).encode(), "json").key == "demo"


def test_the_canonical_form_reads_back_and_is_stable() -> None:
    survey = decode_survey(json.dumps(PLAIN).encode(), "json")
    encoded = encode_survey(survey)
    assert encode_survey(decode_survey(encoded, "json")) == encoded
    assert read_published(encoded) == msgspec.structs.replace(survey, schema=None)
    assert b"$schema" not in encoded


def test_equal_surveys_have_the_same_digest_whatever_the_file() -> None:
    turned = dict(reversed(PLAIN.items()))
    one, other = (decode_survey(json.dumps(tree).encode(), "json") for tree in (PLAIN, turned))
    assert survey_digest(encode_survey(one)) == survey_digest(encode_survey(other))


def test_a_published_definition_is_read_without_new_checks() -> None:
    unsound = msgspec.json.encode(
        {"key": "old", "title": "x", "questions": [{"type": "statement", "key": "a", "text": "t"}]}
    )
    assert isinstance(read_published(unsound), Survey)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b"\xff"])
def test_bytes_that_are_no_survey_are_not_read(raw: bytes) -> None:
    with pytest.raises(InvalidDefinitionError):
        read_published(raw)
