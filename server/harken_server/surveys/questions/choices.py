"""What can be chosen: the stored values and labels of questions that are answered by choosing."""

from __future__ import annotations

from harken_server.surveys.questions import types as q


def listed_choices(question: q.ChoiceQuestion) -> tuple[q.Choice, ...]:
    """The choices with a value of the survey's, the exclusive one last."""
    match question:
        case q.MultipleChoice() if question.none is not None:
            return (*question.choices, question.none)
        case q.OneChoice() | q.MultipleChoice() | q.Ranking():
            return question.choices


def offered_choices(question: q.ChoiceQuestion) -> tuple[q.Choice, ...]:
    """The listed choices and, last, the one with a text of one's own."""
    listed = listed_choices(question)
    match question:
        case q.OneChoice() | q.MultipleChoice() if question.other is not None:
            return (*listed, q.Choice(value=q.OTHER, label=question.other))
        case q.OneChoice() | q.MultipleChoice() | q.Ranking():
            return listed


def offered_values(question: q.ChoiceQuestion) -> list[str]:
    """The stored values of the offered choices."""
    return [choice.value for choice in offered_choices(question)]


def part_values(question: q.Question) -> list[str]:
    """The parts that an answer is listed in, in this order; none for one without an order."""
    match question:
        case q.MultipleChoice():
            values = [choice.value for choice in listed_choices(question)]
            return [*values, q.OTHER]
        case q.Matrix():
            return [row.value for row in question.rows]
        case (
            q.RatingBase() | q.OneChoice() | q.Ranking() | q.Written() | q.Consent() | q.Statement()
        ):
            return []


def compared_values(question: q.ChoiceQuestion | q.Matrix) -> list[str]:
    """What the answer, or a row of it, can be compared with."""
    match question:
        case q.Matrix():
            return [column.value for column in question.columns]
        case q.OneChoice() | q.MultipleChoice() | q.Ranking():
            return offered_values(question)


def compared_rows(question: q.Question) -> list[str]:
    """The rows of which a condition must name one; none for a question without rows."""
    match question:
        case q.Matrix():
            return [row.value for row in question.rows]
        case q.RatingBase() | q.OneChoice() | q.MultipleChoice() | q.Ranking():
            return []
        case q.Written() | q.Consent() | q.Statement():
            return []
