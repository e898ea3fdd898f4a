"""Answers are checked strictly, all at once, and become typed rows."""

from __future__ import annotations

import math
from typing import Any

import pytest
from address_table import ADDRESSES, OTHERS
from checked_answers import MULTIPLE, checked, codes

from harken_server.surveys.answers.typed_rows import AnswerRow

NPS = {"type": "nps", "key": "recommend", "required": True}


@pytest.mark.parametrize("rating", [0, 10])
def test_a_rating_at_either_end_of_its_scale_is_accepted(rating: int) -> None:
    result = checked([NPS], {"recommend": rating})
    assert result.problems == ()
    assert result.rows == [AnswerRow("recommend", rating=rating)]


@pytest.mark.parametrize("value", ["5", "", 4.5, 5.0, None, True, [], {}, [5], math.nan])
def test_a_rating_that_is_no_whole_number_is_refused(value: Any) -> None:
    result = checked([NPS], {"recommend": value})
    assert codes(result) == [("$.answers.recommend", "wrong_type")]
    assert result.problems[0].question == "recommend"
    assert "from 0 to 10" in result.problems[0].message
    assert result.rows == []


@pytest.mark.parametrize(("value", "limit"), [(11, 10), (-1, 0), (10**4000, 10), (-(10**4000), 0)])
def test_a_rating_off_its_scale_is_refused_with_the_limit(value: int, limit: int) -> None:
    problem = checked([NPS], {"recommend": value}).problems[0]
    assert (problem.code, problem.limit) == ("out_of_range", limit)


def test_all_problems_are_reported_at_once() -> None:
    questions = [NPS, MULTIPLE, {"type": "email", "key": "mail"}]
    answers = {"recommend": 11, "why": ["price", "music"], "mail": "nobody", "ghost": 1}
    assert codes(checked(questions, answers)) == [
        ("$.answers.recommend", "out_of_range"),
        ("$.answers.why[1]", "unknown_choice"),
        ("$.answers.mail", "invalid_email"),
        ("$.answers.ghost", "unknown_question"),
    ]


def test_an_unknown_key_is_shown_harmlessly() -> None:
    problem = checked([NPS], {"recommend": 1, "\ud800\x00" + "x" * 999: 1}).problems[0]
    assert problem.path.isascii()
    assert problem.path.isprintable()
    assert len(problem.path) < 200


def test_a_required_question_is_asked_for_only_when_the_response_is_complete() -> None:
    assert codes(checked([NPS], {})) == [("$.answers.recommend", "required")]
    assert checked([NPS], {}, is_complete=False).problems == ()


@pytest.mark.parametrize("blank", ["", "  \n\u00a0"])
def test_a_blank_text_counts_as_not_answered(blank: str) -> None:
    question = {"type": "long_text", "key": "note"}
    assert checked([question], {"note": blank}).rows == []
    required = checked([{**question, "required": True}], {"note": blank})
    assert codes(required) == [("$.answers.note", "required")]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "ok \udfff"])
def test_a_text_that_cannot_be_stored_is_refused(text: str) -> None:
    result = checked([{"type": "short_text", "key": "note"}], {"note": text})
    assert codes(result) == [("$.answers.note", "invalid_text")]


def test_a_text_is_kept_as_written_with_line_feeds_only() -> None:
    text = "  Grüße 👋\r\n'; DROP TABLE answer; --\r\u0645\u0631\u062d\u0628\u0627 "
    row = checked([{"type": "long_text", "key": "note"}], {"note": text}).rows[0]
    assert row.text == "  Grüße 👋\n'; DROP TABLE answer; --\n\u0645\u0631\u062d\u0628\u0627 "


def test_a_text_is_limited_in_characters_not_bytes() -> None:
    question = {"type": "short_text", "key": "note", "max_chars": 5}
    assert checked([question], {"note": "é👋éé👋"}).problems == ()
    problem = checked([question], {"note": "sixsix"}).problems[0]
    assert (problem.code, problem.limit) == ("too_long", 5)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 2**53, -(2**53), 10**400, 1e300])
def test_a_number_that_a_double_cannot_hold_is_refused(value: float) -> None:
    result = checked([{"type": "number", "key": "n"}], {"n": value})
    assert codes(result) == [("$.answers.n", "out_of_range")]


@pytest.mark.parametrize("value", ["5", True, None, [1]])
def test_a_number_must_be_a_number(value: Any) -> None:
    result = checked([{"type": "number", "key": "n"}], {"n": value})
    assert codes(result) == [("$.answers.n", "wrong_type")]


def test_a_number_keeps_its_own_bounds_and_wholeness() -> None:
    question = {"type": "number", "key": "n", "min": 1, "max": 10, "is_whole": True}
    assert checked([question], {"n": 10}).rows == [AnswerRow("n", number=10.0)]
    assert checked([question], {"n": 0}).problems[0].limit == 1
    assert checked([question], {"n": 2.5}).problems[0].code == "not_whole"


def test_minus_zero_is_stored_as_zero() -> None:
    row = checked([{"type": "number", "key": "n"}], {"n": -0.0}).rows[0]
    assert math.copysign(1, row.number or 0.0) == 1


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2026-2-3", "20260203", "2026-W06-1", "03.02.2026", "٢٠٢٦-٠٢-٠٣", "x" * 10],
)
def test_a_day_must_be_in_the_calendar_and_written_plainly(value: str) -> None:
    result = checked([{"type": "date", "key": "day"}], {"day": value})
    assert codes(result) == [("$.answers.day", "invalid_date")]


def test_a_day_keeps_its_bounds() -> None:
    question = {"type": "date", "key": "day", "earliest": "2026-01-01", "latest": "2026-12-31"}
    assert checked([question], {"day": "2026-12-31"}).problems == ()
    assert checked([question], {"day": "2027-01-01"}).problems[0].limit == "2026-12-31"
    assert checked([question], {"day": "2025-12-31"}).problems[0].limit == "2026-01-01"


@pytest.mark.parametrize("address", [*ADDRESSES, " a.b+c@sub.example.co "])
def test_a_plausible_email_address_is_accepted(address: str) -> None:
    rows = checked([{"type": "email", "key": "mail"}], {"mail": address}).rows
    assert rows[0].text == address.strip()


@pytest.mark.parametrize("address", OTHERS)
def test_an_impossible_email_address_is_refused(address: str) -> None:
    result = checked([{"type": "email", "key": "mail"}], {"mail": address})
    assert codes(result) == [("$.answers.mail", "invalid_email")]


@pytest.mark.parametrize(
    ("written", "stored"),
    [("+47 22 12 34 56", "+4722123456"), ("(030) 1234-567", "0301234567"), ("٠١٢٣٤٥", "012345")],
)
def test_a_phone_number_is_stored_as_digits(written: str, stored: str) -> None:
    rows = checked([{"type": "phone", "key": "tel"}], {"tel": written}).rows
    assert rows[0].text == stored


@pytest.mark.parametrize("number", ["1234", "1" * 16, "call me", "12345+6", "++12345", "²²²²²²"])
def test_an_impossible_phone_number_is_refused(number: str) -> None:
    result = checked([{"type": "phone", "key": "tel"}], {"tel": number})
    assert codes(result) == [("$.answers.tel", "invalid_phone")]


def test_a_consent_is_one_or_zero() -> None:
    question = {"type": "consent", "key": "ok", "label": "I agree"}
    assert checked([question], {"ok": True}).rows == [AnswerRow("ok", rating=1)]
    assert checked([question], {"ok": False}).rows == [AnswerRow("ok", rating=0)]
    assert codes(checked([question], {"ok": 1})) == [("$.answers.ok", "wrong_type")]


def test_a_statement_takes_no_answer() -> None:
    result = checked([{"type": "statement", "key": "hello"}, NPS], {"hello": "x", "recommend": 1})
    assert codes(result) == [("$.answers.hello", "not_answerable")]


FOLLOW_UP = {
    "type": "long_text",
    "key": "sorry",
    "required": True,
    "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
}


def test_an_answer_to_a_hidden_question_is_kept_apart() -> None:
    result = checked([NPS, FOLLOW_UP], {"recommend": 10, "sorry": "late"})
    assert result.hidden == ("sorry",)
    assert [row.is_hidden for row in result.rows] == [False, True]


def test_a_hidden_question_is_not_required() -> None:
    assert checked([NPS, FOLLOW_UP], {"recommend": 10}).problems == ()
    assert codes(checked([NPS, FOLLOW_UP], {"recommend": 3})) == [("$.answers.sorry", "required")]


def test_a_hidden_answer_of_the_wrong_type_is_still_a_problem() -> None:
    result = checked([NPS, FOLLOW_UP], {"recommend": 10, "sorry": 5})
    assert codes(result) == [("$.answers.sorry", "wrong_type")]


def test_the_context_decides_visibility_too() -> None:
    question = {**FOLLOW_UP, "show_if": {"op": "equals", "context": "plan", "value": "pro"}}
    answers = {"recommend": 1, "sorry": "x"}
    assert checked([NPS, question], answers, context={"plan": "pro"}).hidden == ()
    assert checked([NPS, question], answers, context={"plan": "free"}).hidden == ("sorry",)
