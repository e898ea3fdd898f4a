"""Questions that only older versions asked: where their numbers are."""

from __future__ import annotations

import msgspec

from harken_server.insights.page.survey_texts import say
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.distributions import distributed_questions
from harken_server.insights.rules.scores import scored_questions


class GoneQuestion(msgspec.Struct, frozen=True):
    """A question with numbers under the last version that asked it."""

    text: str
    version: int
    link: str


def gone_questions(view: ResultsView) -> list[GoneQuestion]:
    """What the shown version no longer asks and somebody answered within the filter."""
    shown = {question.key for question in view.survey.questions}
    gone = {
        question.key: (number, question)
        for number, questions in view.versions.items()
        for question in (*scored_questions(questions), *distributed_questions(questions))
        if question.key not in shown
    }
    return [
        GoneQuestion(say(view, question.text), number, view.link(version=str(number)))
        for number, question in gone.values()
    ]
