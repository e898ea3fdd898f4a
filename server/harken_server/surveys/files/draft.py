"""A survey definition on its way to being sound: what could be read, and what could not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Ending, Survey


class Draft(NamedTuple):
    """A survey with the parts left out that have the wrong shape.

    Soundness is checked on what is left, without alarms about what is only unreadable.
    """

    survey: Survey
    question_places: tuple[int, ...]
    """Place of each question of `survey` in the file."""
    ending_places: tuple[int, ...]
    unread_questions: dict[str, int]
    """Keys (as written) and places of questions that could not be read at all."""
    unread_endings: frozenset[str]
    damaged: frozenset[str]
    """Keys of questions of which some field could not be read; their values are not judged."""
    unread_logic: frozenset[int]
    """Places of questions whose conditions or jumps could not be read."""
    unread_fields: frozenset[str]
    """Top-level fields of which something could not be read."""

    def questions(self) -> Iterator[tuple[str, int, Question]]:
        """Path in the file, place in the file, question."""
        for place, question in zip(self.question_places, self.survey.questions, strict=True):
            yield f"$.questions[{place}]", place, question

    def endings(self) -> Iterator[tuple[str, Ending]]:
        """Path in the file, ending."""
        for place, ending in zip(self.ending_places, self.survey.endings, strict=True):
            yield f"$.endings[{place}]", ending


def whole_draft(survey: Survey) -> Draft:
    """The draft of a survey of which everything could be read."""
    return Draft(
        survey,
        question_places=tuple(range(len(survey.questions))),
        ending_places=tuple(range(len(survey.endings))),
        unread_questions={},
        unread_endings=frozenset(),
        damaged=frozenset(),
        unread_logic=frozenset(),
        unread_fields=frozenset(),
    )
