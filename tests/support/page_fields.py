"""A whole answer of every question type as a page's form holds it."""

from __future__ import annotations

from typing import assert_never

from harken_server.surveys.questions.types import (
    Consent,
    Date,
    Email,
    LongText,
    Matrix,
    MultipleChoice,
    Number,
    OneChoice,
    Phone,
    Question,
    Ranking,
    RatingBase,
    ShortText,
    Statement,
    scale_of,
)


def fields_of(question: Question) -> dict[str, list[str]]:
    """A whole answer as the page's form holds it."""
    match question:
        case RatingBase():
            return {"a_q": [str(scale_of(question)[1])]}
        case OneChoice():
            return {"a_q": ["other"], "a_q.other": ["Mine"]}
        case MultipleChoice():
            return {"a_q": ["a", "other"], "a_q.other": ["Mine"]}
        case Matrix():
            return {f"a_q.{row}": ["b"] for row in question.parts()}
        case Ranking():
            return {f"a_q.{place}": [value] for place, value in enumerate("cabd", 1)}
        case ShortText() | LongText():
            return {"a_q": ["Half a thought"]}
        case Number():
            return {"a_q": ["7"]}
        case Date():
            return {"a_q": ["2026-11-21"]}
        case Email():
            return {"a_q": ["ada@example.com"]}
        case Phone():
            return {"a_q": ["+4722123456"]}
        case Consent():
            return {"a_q": ["yes"]}
        case Statement():
            return {}
        case _ as never:
            assert_never(never)
