"""How each question type behaves wherever it is met; rooms ask here and know no type themselves."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from harken_server.surveys.questions.types import (
    Ces,
    Consent,
    Csat,
    Date,
    Email,
    LongText,
    Matrix,
    MultipleChoice,
    Nps,
    Number,
    OneChoice,
    Phone,
    Question,
    Ranking,
    Rating,
    RatingBase,
    RatingQuestion,
    ShortText,
    Statement,
    Written,
)

Comparing: TypeAlias = Literal["equality", "one_of", "order", "membership"]
Spread: TypeAlias = Literal["single", "multiple", "matrix", "ranking", "consent"]
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
    is_box: bool
    """Whether it is a box on the page, which left empty is an answer too."""
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
    is_box=False,
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
_CONSENT = _DATE._replace(fills_texts=False, is_chosen=True, is_box=True)


def behaviour_of(question: Question) -> Behaviour:
    """The behaviour of the question's type."""
    match question:
        case RatingBase():
            return _RATING
        case OneChoice():
            return _ONE_CHOICE
        case MultipleChoice():
            return _MULTIPLE
        case Matrix():
            return _MATRIX
        case Ranking():
            return _RANKING
        case ShortText() | LongText():
            return _TEXT
        case Number():
            return _NUMBER
        case Date():
            return _DATE
        case Email() | Phone():
            return _ADDRESS
        case Consent():
            return _CONSENT
        case Statement():
            return _STATEMENT


def takes_answer(question: Question) -> bool:
    """False for a text that only stands between questions."""
    return behaviour_of(question).takes_answer


def as_rating(question: Question) -> RatingQuestion | None:
    """The question itself when it is rated on a scale."""
    match question:
        case RatingBase():
            return question
        case OneChoice() | MultipleChoice() | Matrix() | Ranking() | Written():
            return None
        case Consent() | Statement():
            return None


def style_of(question: RatingQuestion) -> Style | None:
    """How the scale is drawn; None for one that is always shown as numbers."""
    match question:
        case Csat() | Rating():
            return question.style
        case Nps() | Ces():
            return None


def type_of(question: Question) -> str:
    """The question's type as files write it."""
    return str(question.__struct_config__.tag)
