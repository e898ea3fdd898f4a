"""Pages hold as many questions as logic allows, and lead on and back."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from random_surveys import answer_values, rule_cases
from rule_cases import Case

from harken_server.surveys.logic.paging import leads_on, plan_page, plan_pages
from harken_server.surveys.survey import Survey

LOW = {"op": "at_most", "answer": "a", "value": 6}


def survey(*questions: dict[str, Any], pages: str = "single") -> Survey:
    return msgspec.convert(
        {
            "key": "s",
            "title": "S",
            "context": {"plan": ""},
            "questions": [{"type": "nps", "text": "?", **question} for question in questions],
            "presentation": {"pages": pages},
        },
        Survey,
    )


def keys(
    made: Survey, answers: dict[str, Any] | None = None, after: str | None = None
) -> tuple[str, ...]:
    return tuple(question.key for question in plan_page(made, answers or {}, {}, after).questions)


def test_a_survey_without_logic_is_one_page() -> None:
    page = plan_page(survey({"key": "a"}, {"key": "b"}), {}, {}, None)
    assert [question.key for question in page.questions] == ["a", "b"]
    assert page.is_last
    assert page.previous is None
    assert page.progress == 0


def test_a_page_stops_before_a_question_that_depends_on_it() -> None:
    made = survey({"key": "a"}, {"key": "b"}, {"key": "c", "show_if": LOW}, {"key": "d"})
    page = plan_page(made, {}, {}, None)
    assert [question.key for question in page.questions] == ["a", "b"]
    assert not page.is_last
    assert keys(made, {"a": 3}, "b") == ("c", "d")
    assert keys(made, {"a": 9}, "b") == ("d",)


def test_a_page_stops_before_a_text_that_repeats_an_answer_of_it() -> None:
    made = survey({"key": "a"}, {"key": "b", "text": "Why {{answer.a}}?"})
    assert keys(made) == ("a",)
    assert keys(made, {"a": 3}, "a") == ("b",)


def test_a_page_stops_after_a_question_whose_jumps_depend_on_it() -> None:
    made = survey({"key": "a", "jumps": [{"to": "c", "when": LOW}]}, {"key": "b"}, {"key": "c"})
    assert keys(made) == ("a",)
    assert keys(made, {"a": 1}, "a") == ("c",)
    assert keys(made, {"a": 9}, "a") == ("b", "c")


def test_a_jump_that_needs_no_answer_of_the_page_does_not_stop_it() -> None:
    made = survey({"key": "a", "jumps": [{"to": "c"}]}, {"key": "b"}, {"key": "c"})
    page = plan_page(made, {}, {}, None)
    assert [question.key for question in page.questions] == ["a", "c"]
    assert page.is_last


def test_conditions_on_the_context_do_not_break_pages() -> None:
    is_pro = {"op": "equals", "context": "plan", "value": "pro"}
    made = survey({"key": "a"}, {"key": "b", "show_if": is_pro})
    assert keys(made) == ("a",)
    assert plan_page(made, {}, {}, None).is_last
    assert len(plan_page(made, {}, {"plan": "pro"}, None).questions) == 2


def test_one_question_a_page_takes_the_statements_before_it_along() -> None:
    made = survey(
        {"key": "hello", "type": "statement"}, {"key": "a"}, {"key": "b"}, pages="question"
    )
    assert keys(made) == ("hello", "a")
    page = plan_page(made, {"a": 1}, {}, "a")
    assert [question.key for question in page.questions] == ["b"]
    assert page.is_last


def test_nothing_left_is_an_empty_page() -> None:
    page = plan_page(survey({"key": "a"}), {"a": 1}, {}, "a")
    assert page.questions == ()
    assert page.is_last
    assert page.progress == 1
    assert page.previous == ""


def test_every_page_knows_the_one_before() -> None:
    made = survey({"key": "a"}, {"key": "b"}, {"key": "c"}, pages="question")
    assert plan_page(made, {}, {}, None).previous is None
    assert plan_page(made, {}, {}, "a").previous == ""
    assert plan_page(made, {}, {}, "b").previous == "a"
    assert keys(made, {}, plan_page(made, {}, {}, "b").previous) == ("b",)


def test_progress_grows_from_page_to_page() -> None:
    made = survey({"key": "a"}, {"key": "b"}, {"key": "c"}, {"key": "d"}, pages="question")
    seen = [plan_page(made, {}, {}, after).progress for after in (None, "a", "b", "c", "d")]
    assert seen == [0, 0.25, 0.5, 0.75, 1]


def test_a_place_that_answers_hide_leads_to_what_comes_behind() -> None:
    made = survey({"key": "a"}, {"key": "b", "show_if": LOW}, {"key": "c"}, pages="question")
    assert keys(made, {"a": 9}, "b") == ("c",)


def test_an_unknown_place_starts_from_the_beginning() -> None:
    assert keys(survey({"key": "a"}), {}, "ghost") == ("a",)


@given(
    case=rule_cases(),
    pages=st.sampled_from(["single", "question"]),
    sent=st.dictionaries(st.sampled_from([f"q{n}" for n in range(9)]), answer_values),
)
def test_what_follows_a_page_is_what_planning_anew_finds(
    case: Case, pages: str, sent: dict[str, Any]
) -> None:
    made = msgspec.convert({**case["survey"], "presentation": {"pages": pages}}, Survey)
    answers, context = case["answers"], case["context"]

    for page in plan_pages(made, answers, context):
        own = {question.key for question in page.questions}
        changed = {key: value for key, value in answers.items() if key not in own}
        changed |= {key: value for key, value in sent.items() if key in own}

        anew = plan_page(made, changed, context, page.questions[-1].key)

        assert leads_on(made, page, changed, context) == bool(anew.questions)


@given(case=rule_cases(), pages=st.sampled_from(["single", "question"]))
def test_pages_in_a_row_are_those_found_one_by_one(case: Case, pages: str) -> None:
    made = msgspec.convert({**case["survey"], "presentation": {"pages": pages}}, Survey)
    answers, context = case["answers"], case["context"]

    for page in plan_pages(made, answers, context):
        assert plan_page(made, answers, context, page.after) == page
