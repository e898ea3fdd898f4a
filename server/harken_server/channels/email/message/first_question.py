"""The first question of a survey as links in a message: which answers one click can give."""

from __future__ import annotations

from typing import Any

from harken_server.channels.email.message.views import AnswerLink, MailLinks, MailQuestion
from harken_server.channels.page.scales import end_labels
from harken_server.channels.page.wording import Wording
from harken_server.surveys.logic.paging import plan_page
from harken_server.surveys.questions.types import (
    OTHER,
    Question,
    RatingQuestion,
    as_rating,
    scale_of,
    style_of,
)
from harken_server.surveys.survey import Survey

MAX_STACKED = 12
"""A single choice with more choices than this is left to the page."""
MAX_PAIR_CHARS = 14
"""Two choices stand side by side when both labels are this short."""
TWO_ROWS_FROM = 7
"""Scales with as many points break in two rows on narrow screens."""

STAR = "\u2605"
THUMBS = ("\U0001f44e", "\U0001f44d")
_FACES: dict[int, tuple[str, ...]] = {
    2: ("\U0001f61e", "\U0001f60a"),
    3: ("\U0001f61e", "\U0001f610", "\U0001f60a"),
    4: ("\U0001f620", "\U0001f61e", "\U0001f60a", "\U0001f603"),
    5: ("\U0001f620", "\U0001f61e", "\U0001f610", "\U0001f60a", "\U0001f603"),
}
"""Faces by the number of points, all of Unicode 6; other scales show their numbers."""


def first_question(survey: Survey, context: dict[str, Any]) -> Question | None:
    """The question that the page begins with for this recipient; None when conditions hide all.

    It is the one that `?a=` of an invitation's link answers.
    """
    questions = plan_page(survey, {}, context, None).questions
    return questions[0] if questions else None


def mail_question(question: Question | None, wording: Wording, links: MailLinks) -> MailQuestion:
    """How the message shows the question; one button for types that a click cannot answer."""
    if question is None:
        return MailQuestion("button", "", "")
    rated = as_rating(question)
    if rated is not None:
        return _scale(rated, wording, links)
    text, notes = wording.say(question.text), wording.say(question.help)
    choices = question.labels() if question.behaviour.is_one_press else {}
    if not 0 < len(choices.keys() - {OTHER}) <= MAX_STACKED:
        return MailQuestion("button", text, notes)
    answers = tuple(
        AnswerLink(value, label, links.to_answer(value), label)
        for value, label in ((value, wording.say(label)) for value, label in choices.items())
    )
    is_pair = len(answers) == 2 and all(len(answer.label) <= MAX_PAIR_CHARS for answer in answers)
    return MailQuestion("pair" if is_pair else "stack", text, notes, answers)


def _scale(question: RatingQuestion, wording: Wording, links: MailLinks) -> MailQuestion:
    low, high = scale_of(question)
    first, last = end_labels(question, wording)
    text, notes = wording.say(question.text), wording.say(question.help)
    style = style_of(question) or "number"
    if style == "thumbs":
        answers = tuple(
            AnswerLink(str(point), label, links.to_answer(str(point)), label, mark)
            for point, label, mark in zip((low, high), (first, last), THUMBS, strict=True)
        )
        return MailQuestion("pair", text, notes, answers)
    answers = tuple(
        AnswerLink(
            value=str(point),
            label=str(point),
            url=links.to_answer(str(point)),
            spoken=_spoken(point, (low, high), (first, last), wording),
            mark=_mark(style, point - low, high - low + 1),
        )
        for point in range(low, high + 1)
    )
    return MailQuestion(
        "row", text, notes, answers, _end(low, first), _end(high, last),
        has_gap=len(answers) >= TWO_ROWS_FROM,
    )  # fmt: skip


def _spoken(point: int, ends: tuple[int, int], labels: tuple[str, str], wording: Wording) -> str:
    said = wording.phrases.value_of.format(value=point, high=ends[1])
    label = labels[0] if point == ends[0] else labels[1] if point == ends[1] else ""
    return f"{said}: {label}" if label else said


def _end(point: int, label: str) -> str:
    """The label with its number: it stays clear when the row breaks in two."""
    return f"{point} = {label}" if label else ""


def _mark(style: str, place: int, points: int) -> str:
    if style == "star":
        return STAR
    faces = _FACES.get(points, ()) if style == "smiley" else ()
    return faces[place] if faces else ""
