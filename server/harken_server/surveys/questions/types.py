"""The question types, as one tagged union on `type`.

What an answer looks like on the wire is stated with each type; `surveys.answers.validation`
enforces it and `surveys.answers.typed_rows` turns it into typed rows. Defaults that depend on the
locale (end labels of NPS, CSAT and CES) live with the renderers.
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from harken_server.surveys.questions.base import (
    END,
    EQUAL,
    OTHER,
    SILENT,
    Choice,
    Columns,
    Jump,
    Key,
    Plain,
    QuestionBase,
    Says,
)
from harken_server.surveys.questions.choices import (
    Matrix,
    MultipleChoice,
    OneChoice,
    OneChoiceQuestion,
    Ranking,
    SingleChoice,
)
from harken_server.surveys.questions.ratings import (
    Ces,
    Csat,
    Nps,
    Rating,
    RatingBase,
    RatingQuestion,
    scale_of,
    style_of,
)
from harken_server.surveys.questions.written import (
    MAX_SHORT_TEXT,
    Date,
    Email,
    LongText,
    Number,
    Phone,
    ShortText,
    Written,
    WrittenQuestion,
)
from harken_server.surveys.texts import LocalText

__all__ = [
    "END", "MAX_SHORT_TEXT", "OTHER", "Ces", "Choice", "Consent", "Csat", "Date",
    "Email", "Jump", "Key", "LongText", "Matrix", "MultipleChoice", "Nps", "Number", "OneChoice",
    "OneChoiceQuestion", "Phone", "Question", "QuestionBase", "Ranking", "Rating", "RatingBase",
    "RatingQuestion", "Says", "ShortText", "SingleChoice", "Statement", "Written",
    "WrittenQuestion", "as_rating", "scale_of", "style_of", "type_of",
]  # fmt: skip


class Consent(Plain, tag="consent", kw_only=True, frozen=True, omit_defaults=True):
    """A tick under a text. Wire: `true` or `false`; when required it must be true."""

    behaviour: ClassVar = SILENT._replace(
        takes_answer=True,
        wire="truth",
        compares=EQUAL,
        compared_with="truth",
        is_chosen=True,
        is_one_key=True,
        replies="all",
    )
    label: LocalText

    def sheet_columns(self) -> Columns:
        """1 or 0."""
        yield ""

    def labels(self) -> dict[str, LocalText]:
        """What 1 and 0 mean."""
        return {"1": "Given", "0": "Not given"}


class Statement(Plain, tag="statement", kw_only=True, frozen=True, omit_defaults=True):
    """A text without an answer."""

    behaviour: ClassVar = SILENT

    def sheet_columns(self) -> Columns:
        """None."""
        yield from ()


Question: TypeAlias = (
    RatingQuestion
    | OneChoiceQuestion
    | MultipleChoice
    | Matrix
    | Ranking
    | WrittenQuestion
    | Consent
    | Statement
)
"""Every type. Its order is that of the JSON Schema."""


def as_rating(question: Question) -> RatingQuestion | None:
    """The question itself when it is rated on a scale."""
    match question:
        case RatingBase():
            return question
        case OneChoice() | MultipleChoice() | Matrix() | Ranking() | Written():
            return None
        case Consent() | Statement():
            return None


def type_of(question: Question) -> str:
    """The question's type as files write it."""
    return str(question.__struct_config__.tag)
