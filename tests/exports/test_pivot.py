"""An answer of any type stands in the columns of its question, and in no other."""

from __future__ import annotations

import pytest
from every_type import TYPES, answers_to, question_of
from hypothesis import assume, given
from hypothesis import strategies as st

from harken_server.exports.forms import form_of, written
from harken_server.kernel.formats import is_blank
from harken_server.responses.store.row import decode_document, encode_answers
from harken_server.surveys.answers.checkers import rules_of
from harken_server.surveys.answers.typed_rows import AnswerRow

ANSWERED = [kind for kind in TYPES if question_of(kind).behaviour.takes_answer]


@pytest.mark.parametrize("kind", ANSWERED)
@given(data=st.data())
def test_an_answer_of_each_type_fills_columns_of_its_question_only(
    kind: str, data: st.DataObject
) -> None:
    question = question_of(kind)
    answer = data.draw(answers_to(question))
    assume(not is_blank(answer))
    rows: list[AnswerRow] = []
    assume(not rules_of(question).check(answer, rows))
    said = decode_document(encode_answers(rows))
    places = {part: place for place, part in enumerate(question.sheet_columns(), 1)}
    cells = ["before", *("" for _ in places), "behind"]

    form_of(question, places, written(repr), places)(said, cells)

    assert (cells[0], cells[-1]) == ("before", "behind")
    assert any(cells[1:-1])


@pytest.mark.parametrize("kind", sorted(set(TYPES) - set(ANSWERED)))
def test_a_text_between_questions_has_no_column(kind: str) -> None:
    assert list(question_of(kind).sheet_columns()) == []
