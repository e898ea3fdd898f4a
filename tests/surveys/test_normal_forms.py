"""What is written in many ways is stored, asked about and exported as one, on every way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from api_client import Api
from every_type import TYPES, answers_to, asked, question_of
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.messages.rules import read_reply
from harken_server.channels.page.forms import decode_answer
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.checks import check_survey
from harken_server.surveys.survey import Survey

SPELT: dict[str, tuple[Any, list[Any]]] = {
    "phone": ("+4722123456", ["+47 22 12 34 56", "(+47) 22-12.34/56", "\uff0b\u0664\u0667 22123456",
                              "\u202a+47\u00a022123456\u202c", "+47 (0) 22 12 34 56"]),
    "email": ("Ada@Example.com", ["  Ada@Example.com ", "Ada@Example.com\n"]),
    "number": (12, [12, 12.0]),
    "date": ("2026-05-03", ["2026-05-03"]),
    "short_text": ("New York", ["New York", "New\nYork"]),
    "long_text": ("New\nYork", ["New\r\nYork", "New\rYork"]),
}  # fmt: skip
"""What is stored, and what may be sent of it."""
CASES = [(kind, stored, sent) for kind, (stored, spellings) in SPELT.items() for sent in spellings]


def survey_of(kind: str, condition: dict[str, Any]) -> dict[str, Any]:
    """A question, and one that follows on a condition on its answer."""
    then = {"type": "short_text", "key": "then", "text": "?", "show_if": condition}
    return {"key": "forms", "title": "F", "questions": [asked(kind), then]}


def by_program(_: str, sent: Any) -> Any:
    return sent


def by_page(kind: str, sent: Any) -> Any:
    return decode_answer(question_of(kind), {"a_q": [str(sent)], "lang": ["en"]})


def by_message(kind: str, sent: Any) -> Any:
    return read_reply(question_of(kind), str(sent), "text", "en").value


@pytest.mark.parametrize("way", [by_program, by_page, by_message])
@pytest.mark.parametrize(("kind", "stored", "sent"), CASES)
def test_every_spelling_is_stored_as_one_and_asks_what_that_asks(
    kind: str, stored: Any, sent: Any, way: Callable[[str, Any], Any]
) -> None:
    condition = {"op": "equals", "answer": "q", "value": stored}
    compiled = compile_survey(msgspec.convert(survey_of(kind, condition), Survey))
    questions = {question.key: question for question in compiled.survey.questions}
    value = way(kind, sent)

    found = check_answers(compiled, {"q": value, "then": "x"}, {}, is_complete=True)

    assert (found.problems, found.hidden) == ((), ())
    said = answers_from_rows(questions, found.rows)[0]["q"]
    assert said == stored or (kind == "long_text" and said.split() == stored.split())


@given(st.data())
def test_no_condition_tells_what_was_sent_from_what_is_stored(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([kind for kind in TYPES if kind != "statement"]))
    sent = data.draw(
        st.sampled_from(SPELT[kind][1]) if kind in SPELT else answers_to(question_of(kind))
    )
    is_one = isinstance(sent, (str, int, float))
    value = data.draw(st.sampled_from([sent, SPELT.get(kind, (sent,))[0]])) if is_one else "a"
    op = data.draw(st.sampled_from(["equals", "not_equals", "answered"]))
    condition = {"op": op, "answer": "q", **({} if op == "answered" else {"value": value})}
    compiled = compile_survey(msgspec.convert(survey_of(kind, condition), Survey))
    questions = {question.key: question for question in compiled.survey.questions}

    first = check_answers(compiled, {"q": sent, "then": "x"}, {}, is_complete=False)
    visible, hidden = answers_from_rows(questions, first.rows)
    again = check_answers(compiled, {**hidden, **visible}, {}, is_complete=False)

    assert first.problems == ()
    assert again.hidden == first.hidden
    assert sorted(again.rows) == sorted(first.rows)


def test_a_phone_number_is_compared_with_one_as_it_is_stored() -> None:
    faults = {
        value: [each.path for each in check_survey(msgspec.convert(survey, Survey))]
        for value in ("+4722123456", "+47 22 12 34 56", "home", 22123456)
        for survey in [survey_of("phone", {"op": "equals", "answer": "q", "value": value})]
    }

    place = ["$.questions[1].show_if.value"]
    assert faults == {
        "+4722123456": [], "+47 22 12 34 56": place, "home": place, 22123456: place
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "stored", "sent"), CASES)
async def test_over_the_api_condition_answer_and_file_agree(
    live: Api, kind: str, stored: Any, sent: Any
) -> None:
    condition = {"op": "equals", "answer": "q", "value": stored}
    assert (await live.push(survey_of(kind, condition))).status_code == 201
    id_ = str(uuid4())

    receipt = await live.submit({"q": sent, "then": "x"}, survey="forms", id=id_)

    assert receipt.status_code == 201, receipt.text
    assert "hidden" not in receipt.json() or receipt.json()["hidden"] == []
    kept = (await live.http.get(f"/v1/surveys/forms/responses/{id_}")).json()
    assert kept["answers"] == {"q": stored, "then": "x"}
    line = (await live.http.get("/v1/surveys/forms/export.jsonl")).json()
    assert line["answers"] == kept["answers"]
    raw = (await live.http.get("/v1/surveys/forms/export.csv")).text
    assert str(stored) in raw
