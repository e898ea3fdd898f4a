"""Laws that hold for every survey and every answer, found by trying to break them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from drawn_surveys import answered_surveys, surveys
from hypothesis import given, settings
from hypothesis import strategies as st

from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.checks import check_survey
from harken_server.surveys.definition import decode_survey, encode_survey
from harken_server.surveys.logic.paging import plan_page, walk
from harken_server.surveys.survey import Survey
from harken_server.surveys.version_changes import compare_surveys

values = st.sampled_from("abcd")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def normalised(value: Any) -> Any:
    """The wire value as it comes back: blank texts of `other` drop out, wholes are integers."""
    if isinstance(value, dict) and set(value) == {"other"}:
        return value if value["other"].strip() else "other"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [normalised(item) for item in value]
    return value


def as_set(value: Any) -> Any:
    return sorted(json.dumps(item) for item in value) if isinstance(value, list) else value


@settings(deadline=None)
@given(answered_surveys())
def test_accepted_answers_come_back_from_their_rows_unchanged(
    made: tuple[Survey, dict[str, Any]],
) -> None:
    survey, answers = made
    checked = check_answers(compile_survey(survey), answers, {}, is_complete=False)
    assert checked.problems == ()
    questions = {question.key: question for question in survey.questions}
    visible, hidden = answers_from_rows(questions, reversed(checked.rows))
    for key, value in answers.items():
        kept = (hidden if key in checked.hidden else visible).get(key)
        expected = normalised(value)
        if isinstance(value, str) and not value.strip():
            assert kept is None
        elif questions[key].__struct_config__.tag == "short_text":
            assert kept == expected.replace("\n", " ")
        elif questions[key].__struct_config__.tag == "multiple_choice":
            assert as_set(kept or []) == as_set(expected)
        else:
            assert kept == expected or (kept is None and expected in ([], {}))


@settings(deadline=None)
@given(answered_surveys())
def test_a_response_read_back_is_accepted_again_with_the_same_rows(
    made: tuple[Survey, dict[str, Any]],
) -> None:
    survey, answers = made
    compiled = compile_survey(survey)
    first = check_answers(compiled, answers, {}, is_complete=False)
    questions = {question.key: question for question in survey.questions}
    visible, hidden = answers_from_rows(questions, first.rows)
    again = check_answers(compiled, {**visible, **hidden}, {}, is_complete=False)
    assert again.problems == ()
    assert sorted(map(repr, again.rows)) == sorted(map(repr, first.rows))


@settings(deadline=None)
@given(surveys(), st.dictionaries(st.sampled_from([f"q{n}" for n in range(8)]), json_values))
def test_every_walk_ends_and_goes_forward(survey: Survey, answers: dict[str, Any]) -> None:
    keys = [question.key for question in survey.questions]
    places = [keys.index(key) for key in walk(survey, answers, {}).visible]
    assert places == sorted(set(places))


@settings(deadline=None)
@given(answered_surveys())
def test_the_pages_together_are_the_walk(made: tuple[Survey, dict[str, Any]]) -> None:
    survey, answers = made
    shown: list[str] = []
    after: str | None = None
    progress = -1.0
    while (page := plan_page(survey, answers, {}, after)).questions:
        assert 0 <= progress < page.progress < 1 or progress == -1.0
        progress = page.progress
        shown += [question.key for question in page.questions]
        after = shown[-1]
        if page.is_last:
            assert not plan_page(survey, answers, {}, after).questions
    assert tuple(shown) == walk(survey, answers, {}).visible


@settings(deadline=None)
@given(answered_surveys())
def test_going_back_leads_to_the_page_before(made: tuple[Survey, dict[str, Any]]) -> None:
    survey, answers = made
    before: list[str] = []
    after: str | None = None
    while True:
        page = plan_page(survey, answers, {}, after)
        assert page.previous == (before[-1] if before else None)
        if not page.questions:
            break
        before.append(after or "")
        after = page.questions[-1].key


@settings(deadline=None)
@given(surveys(), st.dictionaries(st.text(st.characters()) | values, json_values), st.booleans())
def test_no_answers_ever_raise(survey: Survey, answers: dict[str, Any], is_complete: bool) -> None:
    named = {f"q{at}": value for at, value in enumerate(answers.values())}
    for given_answers in (answers, named):
        checked = check_answers(compile_survey(survey), given_answers, {}, is_complete=is_complete)
        assert not (checked.problems and checked.rows)
        msgspec.json.encode(checked.problems)


@settings(deadline=None)
@given(surveys())
def test_a_sound_survey_survives_its_canonical_form(survey: Survey) -> None:
    if check_survey(survey):
        return
    encoded = encode_survey(survey)
    assert decode_survey(encoded, "json") == survey
    assert decode_survey(encoded, "yaml") == survey


def spelled_out(value: Any) -> Any:
    """The tree with every default written down."""
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        tag = {config.tag_field: config.tag} if config.tag_field else {}
        fields = msgspec.structs.fields(value)
        return tag | {
            field.encode_name: spelled_out(getattr(value, field.name))
            for field in fields
            if field.name != "schema"
        }
    return [spelled_out(item) for item in value] if isinstance(value, tuple) else value


@settings(deadline=None)
@given(surveys())
def test_defaults_leave_no_trace_in_the_canonical_form(survey: Survey) -> None:
    tree = spelled_out(survey)
    again = msgspec.convert(json.loads(json.dumps(tree)), Survey)
    assert again == survey
    assert encode_survey(again) == encode_survey(survey)


@settings(deadline=None)
@given(surveys(), surveys())
def test_surveys_with_other_bytes_always_differ_in_some_line(old: Survey, new: Survey) -> None:
    change = compare_surveys(old, new)
    assert (change.kind == "none") == (encode_survey(old) == encode_survey(new))
    assert bool(change.changes) == (change.kind != "none")


mutations = st.lists(
    st.tuples(st.lists(st.integers(0, 30), min_size=1, max_size=6), json_values), max_size=4
)


def decoded(raw: bytes, notation: Any) -> Survey | tuple[Problem, ...]:
    """The survey, or the problems; anything else that is raised fails the test."""
    try:
        return decode_survey(raw, notation)
    except InvalidDefinitionError as error:
        return error.problems


def mutate(tree: Any, path: list[int], value: Any) -> None:
    """Puts the value somewhere into the tree, led by the numbers."""
    node = tree
    for step in path:
        entries = list(node) if isinstance(node, dict) else range(len(node))
        if not entries:
            return
        entry = list(entries)[step % len(entries)]
        if step is path[-1] or not isinstance(node[entry], (dict, list)):
            node[entry] = value
            return
        node = node[entry]


@settings(max_examples=3 * settings().max_examples, deadline=None)
@given(surveys(), mutations, st.sampled_from(["json", "yaml"]))
def test_a_damaged_definition_is_refused_or_read_but_never_raises_otherwise(
    survey: Survey, changes: list[tuple[list[int], Any]], notation: Any
) -> None:
    tree = json.loads(msgspec.json.encode(survey))
    for path, value in changes:
        mutate(tree, path, value)
    outcome = decoded(json.dumps(tree).encode(), notation)
    if isinstance(outcome, Survey):
        plain = msgspec.structs.replace(outcome, schema=None)
        assert decode_survey(encode_survey(outcome), "json") == plain
        return
    assert outcome
    msgspec.json.encode(outcome)
    assert all(problem.path.startswith("$") for problem in outcome)


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["json", "yaml", "toml"]),
)
def test_no_bytes_ever_raise_anything_else(raw: bytes, notation: Any) -> None:
    assert decoded(raw, notation)
