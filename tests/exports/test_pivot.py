"""An answer of any type stands in the columns of its question, and in no other."""

from __future__ import annotations

import pytest
from every_type import TYPES, answers_to, question_of
from hypothesis import assume, given
from hypothesis import strategies as st

from harken_server.exports.forms import form_of
from harken_server.kernel.formats import is_blank
from harken_server.surveys.questions.behaviour import takes_answer

ANSWERED = [kind for kind in TYPES if takes_answer(question_of(kind))]


@pytest.mark.parametrize("kind", ANSWERED)
@given(data=st.data())
def test_an_answer_of_each_type_fills_columns_of_its_question_only(
    kind: str, data: st.DataObject
) -> None:
    question = question_of(kind)
    form = form_of(question)
    answer = data.draw(answers_to(question))
    assume(not is_blank(answer))

    cells = dict(form.cells(answer, form.parts, repr))

    assert cells
    assert set(cells) <= set(form.parts)
    assert all(cells.values())


@pytest.mark.parametrize("kind", sorted(set(TYPES) - set(ANSWERED)))
def test_a_text_between_questions_has_no_column(kind: str) -> None:
    assert list(form_of(question_of(kind)).parts) == []
