"""What can be chosen: the stored values and labels of questions that are answered by choosing."""

from __future__ import annotations

from harken_server.surveys.questions.types import (
    OTHER,
    Choice,
    ChoiceQuestion,
    Consent,
    Matrix,
    MultipleChoice,
    OneChoice,
    Question,
    Ranking,
    RatingBase,
    Statement,
    Written,
)


def listed_choices(question: ChoiceQuestion) -> tuple[Choice, ...]:
    """The choices with a value of the survey's, the exclusive one last."""
    match question:
        case MultipleChoice() if question.none is not None:
            return (*question.choices, question.none)
        case OneChoice() | MultipleChoice() | Ranking():
            return question.choices


def offered_choices(question: ChoiceQuestion) -> tuple[Choice, ...]:
    """The listed choices and, last, the one with a text of one's own."""
    listed = listed_choices(question)
    match question:
        case OneChoice() | MultipleChoice() if question.other is not None:
            return (*listed, Choice(value=OTHER, label=question.other))
        case OneChoice() | MultipleChoice() | Ranking():
            return listed


def offered_values(question: ChoiceQuestion) -> list[str]:
    """The stored values of the offered choices."""
    return [choice.value for choice in offered_choices(question)]


def part_values(question: Question) -> list[str]:
    """The parts that an answer is listed in, in this order; none for one without an order."""
    match question:
        case MultipleChoice():
            values = [choice.value for choice in listed_choices(question)]
            return [*values, OTHER]
        case Matrix():
            return [row.value for row in question.rows]
        case RatingBase() | OneChoice() | Ranking() | Written() | Consent() | Statement():
            return []


def compared_values(question: ChoiceQuestion | Matrix) -> list[str]:
    """What the answer, or a row of it, can be compared with."""
    match question:
        case Matrix():
            return [column.value for column in question.columns]
        case OneChoice() | MultipleChoice() | Ranking():
            return offered_values(question)


def compared_rows(question: Question) -> list[str]:
    """The rows of which a condition must name one; none for a question without rows."""
    match question:
        case Matrix():
            return [row.value for row in question.rows]
        case RatingBase() | OneChoice() | MultipleChoice() | Ranking():
            return []
        case Written() | Consent() | Statement():
            return []
