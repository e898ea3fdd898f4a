"""Under which values a response's rows are counted."""

from __future__ import annotations

from harken_server.responses.store.row import counted_values
from harken_server.surveys.answers.typed_rows import AnswerRow


def test_ratings_and_choices_count_by_their_value() -> None:
    rows = [AnswerRow("recommend", rating=0), AnswerRow("reason", choice="other", text="Music")]

    assert counted_values(rows) == [("recommend", "", "0"), ("reason", "", "other")]


def test_texts_numbers_and_hidden_answers_are_not_counted() -> None:
    rows = [
        AnswerRow("why", text="Cold"),
        AnswerRow("size", number=2.5),
        AnswerRow("mood", rating=1, is_hidden=True),
        AnswerRow("liked", "a", choice="a", is_hidden=True),
    ]

    assert counted_values(rows) == []


def test_a_question_of_several_parts_also_counts_its_person_once() -> None:
    rows = [
        AnswerRow("liked", "a", choice="a"),
        AnswerRow("order", "a", choice="a", rating=1),
        AnswerRow("liked", "b", choice="b"),
        AnswerRow("order", "b", choice="b", rating=2),
    ]

    counted = counted_values(rows)

    assert sorted(counted) == [
        ("liked", "", ""),
        ("liked", "a", "a"),
        ("liked", "b", "b"),
        ("order", "", ""),
        ("order", "a", "1"),
        ("order", "b", "2"),
    ]
