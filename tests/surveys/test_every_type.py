"""What holds for every question type, whichever there are."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from every_type import TYPES, answers_to, asked, question_of
from hypothesis import given

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import distribute, distributed_questions
from harken_server.responses.store.row import counted_values
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.checks import check_survey
from harken_server.surveys.questions.texts import fields_of, question_texts
from harken_server.surveys.questions.types import Says
from harken_server.surveys.survey import Survey
from harken_server.surveys.version_changes import compare_surveys

TEXTS = [
    (kind, name)
    for kind in TYPES
    for name, says in fields_of(TYPES[kind]).items()
    if says is Says.TEXT
]


def survey_with(*questions: dict[str, Any], **parts: Any) -> Survey:
    last = {"type": "email", "key": "last", "text": "Where?"}
    tree = {"key": "s", "title": "S", "questions": [*questions, last], **parts}
    return msgspec.convert(tree, Survey)


@pytest.mark.parametrize(("kind", "name"), TEXTS)
def test_each_text_needs_a_string_for_every_locale(kind: str, name: str) -> None:
    survey = survey_with(asked(kind, **{name: {"en": "Word"}}), locales=["de"])

    problems = [(each.path, each.code) for each in check_survey(survey)]

    assert (f"$.questions[0].{name}.de", "missing_string") in problems


@pytest.mark.parametrize(("kind", "name"), TEXTS)
def test_another_text_is_a_cosmetic_change(kind: str, name: str) -> None:
    old, new = (survey_with(asked(kind, **{name: word})) for word in ("One", "Two"))

    assert compare_surveys(old, new).kind == "cosmetic"


@pytest.mark.parametrize("kind", TYPES)
def test_choices_are_counted_as_shares_under_their_own_values(kind: str) -> None:
    question = question_of(kind)
    assert bool(distributed_questions([question])) == question.behaviour.is_chosen
    if not question.behaviour.is_chosen:
        assert distribute(question, []) == []
        return
    known = {choice.value for found in distribute(question, []) for choice in found.choices}

    @given(answers_to(question))
    def check(answer: Any) -> None:
        survey = survey_with(asked(kind))
        rows = check_answers(compile_survey(survey), {"q": answer}, {}, is_complete=False).rows
        counts = [CountRow(*counted, 1) for counted in counted_values(rows)]
        found = distribute(question, counts)
        assert {choice.value for part in found for choice in part.choices} == known
        assert any(part.n for part in found) == bool(rows)

    check()


@pytest.mark.parametrize("kind", TYPES)
def test_a_condition_may_not_ask_for_what_no_answer_can_be(kind: str) -> None:
    row = {"row": "a"} if "rows" in asked(kind) else {}
    impossible = {"op": "equals", "answer": "q", "value": "9 lives", **row}
    wrong = survey_with(asked(kind), {**asked("long_text"), "key": "why", "show_if": impossible})

    is_free = {"short_text", "long_text", "email"}

    assert bool(check_survey(wrong)) == (kind not in is_free)


@pytest.mark.parametrize("kind", TYPES)
def test_answers_stand_in_later_texts_where_they_have_a_short_form(kind: str) -> None:
    told = {"type": "long_text", "key": "why", "text": "You said {{answer.q}}."}

    can = not check_survey(survey_with(asked(kind), told))

    assert can == question_of(kind).behaviour.fills_texts


def test_every_text_of_an_example_is_found() -> None:
    for kind in TYPES:
        shown = [path for path, _ in question_texts(question_of(kind))]
        assert ".text" in shown
        assert len(shown) == len(set(shown))
