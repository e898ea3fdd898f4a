"""Form fields to wire answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.page.forms import (
    decode_answer,
    decode_answers,
    read_form,
)
from harken_server.http.problems import BadRequestError
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

CHOICES = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]


def asked(kind: str, **parts: Any) -> Question:
    return msgspec.convert({"type": kind, "key": "q", "text": "Q", **parts}, Question)


RATING = asked("nps")
SINGLE = asked("single_choice", choices=CHOICES, other="Other")
MULTIPLE = asked("multiple_choice", choices=CHOICES, other="Other")
MATRIX = asked("matrix", rows=CHOICES, columns=CHOICES)
RANKING = asked("ranking", choices=CHOICES)
LINE = asked("short_text")
NUMBER = asked("number")
DATE = asked("date")
CONSENT = asked("consent", label="Yes")


@pytest.mark.parametrize(
    ("question", "form", "answer"),
    [
        (RATING, {}, None),
        (RATING, {"a_q": [""]}, None),
        (RATING, {"a_q": ["9"]}, 9),
        (RATING, {"a_q": ["9", "3"]}, 9),
        (RATING, {"a_q": ["9.5"]}, "9.5"),
        (RATING, {"a_q": ["\u0669"]}, "\u0669"),
        (SINGLE, {"a_q": ["a"]}, "a"),
        (SINGLE, {"a_q": ["other"], "a_q.other": [" mine "]}, {"other": "mine"}),
        (SINGLE, {"a_q": ["other"], "a_q.other": [" "]}, "other"),
        (SINGLE, {"a_q.other": ["mine"]}, {"other": "mine"}),
        (SINGLE, {"a_q": ["a"], "a_q.other": [" and mine "]}, ["a", {"other": "and mine"}]),
        (MULTIPLE, {"a_q": ["a", "b", "a"]}, ["a", "b"]),
        (MULTIPLE, {"a_q": ["a", "other"], "a_q.other": ["mine"]}, ["a", {"other": "mine"}]),
        (MULTIPLE, {"a_q": ["a"], "a_q.other": ["unticked"]}, ["a", {"other": "unticked"}]),
        (MULTIPLE, {"a_q": [""]}, None),
        (MATRIX, {"a_q.a": ["b"], "a_q.b": [""], "a_q.c": ["a"]}, {"a": "b"}),
        (MATRIX, {}, None),
        (RANKING, {"a_q.1": ["b"], "a_q.2": ["a"], "a_q.3": ["a"]}, ["b", "a"]),
        (RANKING, {"a_q.1": [""], "a_q.2": ["a"]}, ["", "a"]),
        (RANKING, {"a_q.1": ["a"], "a_q.2": [""]}, ["a"]),
        (RANKING, {"a_q.1": [""], "a_q.2": [""]}, None),
        (LINE, {"a_q": [" kept as typed "]}, " kept as typed "),
        (LINE, {"a_q": ["\r\n \t"]}, None),
        (NUMBER, {"a_q": ["12"]}, 12),
        (NUMBER, {"a_q": ["1200.5"]}, 1200.5),
        (NUMBER, {"a_q": ["1.000"]}, 1),
        (NUMBER, {"a_q": ["1,000"]}, "1,000"),
        (NUMBER, {"a_q": ["12,5"], "lang": ["de"]}, 12.5),
        (NUMBER, {"a_q": ["1 200.5"], "lang": ["en"]}, 1200.5),
        (NUMBER, {"a_q": ["\u22123"], "lang": ["fr"]}, -3),
        (NUMBER, {"a_q": ["1,000"], "lang": ["en"]}, 1000),
        (NUMBER, {"a_q": ["1.000"], "lang": ["de"]}, 1000),
        (NUMBER, {"a_q": [" 1.000 "], "lang": ["nb"]}, "1.000"),
        (NUMBER, {"a_q": ["1e9"]}, "1e9"),
        (NUMBER, {"a_q": ["nan"]}, "nan"),
        (NUMBER, {"a_q": [" "]}, None),
        (DATE, {"a_q": ["2026-11-21"]}, "2026-11-21"),
        (DATE, {"a_q": [" 3.5.2026 "], "lang": ["de"]}, "2026-05-03"),
        (DATE, {"a_q": ["3/5/2026"], "lang": ["en"]}, "3/5/2026"),
        (CONSENT, {"a_q": ["yes"]}, True),
        (CONSENT, {}, None),
        (asked("statement"), {"a_q": ["x"]}, None),
    ],
)
def test_a_field_becomes_the_wire_answer_of_its_type(question, form, answer):
    assert decode_answer(question, form) == answer


def test_fields_of_no_question_are_ignored():
    assert decode_answers([RATING], {"a_q": ["3"], "a_zzz": ["1"], "q": ["4"], "r": ["x"]}) == {
        "q": 3
    }


def test_an_unticked_consent_on_a_page_that_was_sent_is_a_refusal():
    assert decode_answers([CONSENT, RATING], {}, is_whole=True) == {"q": False}


def test_repeated_and_blank_fields_are_read():
    assert read_form(b"a=1&a=2&b=&c=%C3%A9+x") == {"a": ["1", "2"], "b": [""], "c": ["\u00e9 x"]}


@pytest.mark.parametrize("body", [b"a=%ff", b"\xc3\xa9=1", b"&".join([b"a=1"] * 2_001)])
def test_bytes_that_are_no_form_are_refused(body):
    with pytest.raises(BadRequestError):
        read_form(body)


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=20), max_size=3), max_size=9))
def test_what_a_form_says_is_read_back_as_it_was_written(fields):
    written = urlencode(fields, doseq=True)

    assert read_form(written.encode()) == {name: v for name, v in fields.items() if v}


@given(
    st.dictionaries(
        st.sampled_from(["a_q", "a_q.other", "a_q.a", "a_q.b", "a_q.1", "a_q.2"]),
        st.lists(st.one_of(st.sampled_from(["a", "b", "other", "1", "9", ""]), st.text(max_size=9)),
                 max_size=3),
        max_size=6,
    )
)  # fmt: skip
@pytest.mark.parametrize(
    "question", [RATING, SINGLE, MULTIPLE, MATRIX, RANKING, LINE, NUMBER, DATE, CONSENT]
)
def test_whatever_a_form_holds_is_accepted_or_named_as_a_problem(question, form):
    survey = Survey(key="s", title="S", questions=(question,))
    form = {name: values for name, values in form.items() if values}

    answers = decode_answers([question], form)
    checked = check_answers(compile_survey(survey), answers, {}, is_complete=True)

    assert all(problem.question == "q" for problem in checked.problems)
