"""An answer of any type stands in the columns of its question, and in no other."""

from __future__ import annotations

import pytest
from every_type import TYPES, answers_to, question_of
from hypothesis import assume, given
from hypothesis import strategies as st

from harken_server.exports.forms import form_of
from harken_server.kernel.formats import is_blank

ANSWERED = [kind for kind in TYPES if question_of(kind).behaviour.takes_answer]


@pytest.mark.parametrize("kind", ANSWERED)
@given(data=st.data())
def test_an_answer_of_each_type_fills_columns_of_its_question_only(
    kind: str, data: st.DataObject
) -> None:
    question = question_of(kind)
    parts = list(question.sheet_columns())
    answer = data.draw(answers_to(question))
    assume(not is_blank(answer))

    cells = dict(form_of(question)(answer, parts, repr))

    assert cells
    assert set(cells) <= set(parts)
    assert all(cells.values())


@pytest.mark.parametrize("kind", sorted(set(TYPES) - set(ANSWERED)))
def test_a_text_between_questions_has_no_column(kind: str) -> None:
    assert list(question_of(kind).sheet_columns()) == []
