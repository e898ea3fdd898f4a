"""How each question type behaves wherever it is met; rooms ask here and know no type themselves."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from harken_server.surveys.questions import types as q

Comparing: TypeAlias = Literal["equality", "one_of", "order", "membership"]
Style: TypeAlias = Literal["number", "star", "smiley", "thumbs"]


class Behaviour(NamedTuple):
    """What is alike for all questions of a type; nothing has a default."""

    takes_answer: bool
    compares: frozenset[Comparing]
    """What conditions may ask of an answer; of a matrix, of one of its rows."""
    fills_texts: bool
    """Whether the answer has a short form that can stand in a later text."""
    has_parts: bool
    """Whether exports give it columns of its own form `key__part`."""
    is_chosen: bool
    """Whether the results show what share of the people chose what."""
    is_comment: bool
    """Whether the results list its answers as what people said."""
    is_one_press: bool
    """Whether one link in a mail can answer it."""
    replies: Literal["all", "text", "none"]
    """Whether it is answered by message and keypad, by message only, or on a page only."""


_EQUAL: frozenset[Comparing] = frozenset({"equality", "one_of"})
_STATEMENT = Behaviour(
    takes_answer=False,
    compares=frozenset(),
    fills_texts=False,
    has_parts=False,
    is_chosen=False,
    is_comment=False,
    is_one_press=False,
    replies="none",
)
_ADDRESS = _STATEMENT._replace(takes_answer=True, compares=_EQUAL, fills_texts=True, replies="text")
_TEXT = _ADDRESS._replace(is_comment=True)
_DATE = _ADDRESS._replace(replies="all")
_NUMBER = _DATE._replace(compares=_EQUAL | {"order"})
_RATING = _NUMBER._replace(is_one_press=True)
_RANKING = _DATE._replace(compares=frozenset({"membership"}), has_parts=True, is_chosen=True)
_MULTIPLE = _RANKING._replace(compares=frozenset({"membership", "equality"}))
_ONE_CHOICE = _RANKING._replace(compares=_EQUAL, is_one_press=True)
_MATRIX = _RANKING._replace(compares=_EQUAL, fills_texts=False, replies="none")
_CONSENT = _DATE._replace(fills_texts=False, is_chosen=True)


def behaviour_of(question: q.Question) -> Behaviour:
    """The behaviour of the question's type."""
    match question:
        case q.RatingBase():
            return _RATING
        case q.OneChoice():
            return _ONE_CHOICE
        case q.MultipleChoice():
            return _MULTIPLE
        case q.Matrix():
            return _MATRIX
        case q.Ranking():
            return _RANKING
        case q.ShortText() | q.LongText():
            return _TEXT
        case q.Number():
            return _NUMBER
        case q.Date():
            return _DATE
        case q.Email() | q.Phone():
            return _ADDRESS
        case q.Consent():
            return _CONSENT
        case q.Statement():
            return _STATEMENT


def takes_answer(question: q.Question) -> bool:
    """False for a text that only stands between questions."""
    return behaviour_of(question).takes_answer


def as_rating(question: q.Question) -> q.RatingQuestion | None:
    """The question itself when it is rated on a scale."""
    match question:
        case q.RatingBase():
            return question
        case q.OneChoice() | q.MultipleChoice() | q.Matrix() | q.Ranking() | q.Written():
            return None
        case q.Consent() | q.Statement():
            return None


def style_of(question: q.RatingQuestion) -> Style | None:
    """How the scale is drawn; None for one that is always shown as numbers."""
    match question:
        case q.Csat() | q.Rating():
            return question.style
        case q.Nps() | q.Ces():
            return None


def type_of(question: q.Question) -> str:
    """The question's type as files write it."""
    return str(question.__struct_config__.tag)
