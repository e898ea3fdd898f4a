"""The one number by which a survey is known at a glance, from the counts of one question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from harken_server.insights.rules.instruments import choice_score
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.surveys.instruments import CHOICES, STATEMENTS, instrument_question
from harken_server.surveys.survey import Survey

Kind: TypeAlias = Literal["score", "choices", "answers"]


class Headline(NamedTuple):
    """Which question a survey's glance is made of, and how."""

    question: str
    kind: Kind
    """`answers`: it has no score that counts tell; they are counted alone."""


def headline_of(survey: Survey) -> Headline | None:
    """The instrument's question, the first one with a score, or one with choices.

    None where only texts are asked, which nobody counts. An instrument of several statements is
    made of what each person gave together, which no count tells.
    """
    if survey.instrument in CHOICES:
        return Headline(instrument_question(survey), "choices")
    rated = scored_questions(survey.questions)
    if rated:
        return Headline(rated[0].key, "answers" if survey.instrument in STATEMENTS else "score")
    chosen = [question for question in survey.questions if question.behaviour.is_chosen]
    return Headline(chosen[0].key, "answers") if chosen else None


def score_of(survey: Survey, headline: Headline, counts: Mapping[str, int]) -> Score | None:
    """The score of these counts; None where there is none to tell."""
    match headline.kind:
        case "score":
            question = next(
                each for each in scored_questions(survey.questions) if each.key == headline.question
            )
            ratings = {int(value): n for value, n in counts.items() if value.isdecimal()}
            return score_question(question, ratings)
        case "choices":
            return choice_score(survey, counts)
        case "answers":
            return None


def answers_in(counts: Mapping[str, int]) -> int:
    """How many people answered: the base, where a question has several parts.

    >>> answers_in({"9": 2, "3": 1}), answers_in({"": 2, "price.price": 2, "speed.speed": 1})
    (3, 2)
    """
    return counts.get("", 0) or sum(counts.values())


def added(counts: list[Mapping[str, int]]) -> dict[str, int]:
    """All of them together."""
    sums: dict[str, int] = {}
    for each in counts:
        for value, n in each.items():
            sums[value] = sums.get(value, 0) + n
    return sums
