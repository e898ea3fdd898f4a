"""The one number by which a survey is known at a glance, from the counts of one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from harken_server.insights.rules.estimates import USUAL, Certainty
from harken_server.insights.rules.instruments import choice_score
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.surveys.instruments import CHOICES, STATEMENTS, instrument_question
from harken_server.surveys.questions.types import RatingQuestion
from harken_server.surveys.survey import Survey


class Headline(NamedTuple):
    """Which question a survey's glance is made of, and how."""

    question: str
    rated: RatingQuestion | None = None
    """The same as it is scored."""
    chosen_of: Survey | None = None
    """Of an instrument whose number its choices make: the survey.

    Without either its answers are counted alone: it has no score that counts tell.
    """

    @property
    def is_scored(self) -> bool:
        """Whether counts tell a score of it."""
        return self.rated is not None or self.chosen_of is not None


def headline_of(survey: Survey) -> Headline | None:
    """The instrument's question, the first one with a score, or one with choices.

    None where only texts are asked, which nobody counts. An instrument of several statements is
    made of what each person gave together, which no count tells.
    """
    if survey.instrument in CHOICES:
        return Headline(instrument_question(survey), chosen_of=survey)
    rated = scored_questions(survey.questions)
    if rated:
        return Headline(rated[0].key, None if survey.instrument in STATEMENTS else rated[0])
    chosen = [question for question in survey.questions if question.behaviour.is_chosen]
    return Headline(chosen[0].key) if chosen else None


def score_of(
    headline: Headline, counts: Mapping[str, int], certainty: Certainty = USUAL
) -> Score | None:
    """The score of these counts; None where there is none to tell."""
    if headline.rated is not None:
        ratings = {int(value): n for value, n in counts.items() if value.isdecimal()}
        return score_question(headline.rated, ratings, certainty)
    if headline.chosen_of is None:
        return None
    return choice_score(headline.chosen_of, counts, certainty)


def answers_in(counts: Mapping[str, int]) -> int:
    """How many people answered: the base, where a question has several parts.

    >>> answers_in({"9": 2, "3": 1}), answers_in({"": 2, "price.price": 2, "speed.speed": 1})
    (3, 2)
    """
    return counts.get("", 0) or sum(counts.values())


def added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """All of them together."""
    sums: dict[str, int] = {}
    for each in counts:
        for value, n in each.items():
            sums[value] = sums.get(value, 0) + n
    return sums
