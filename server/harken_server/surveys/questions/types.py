"""The question types, as one tagged union on `type`.

What an answer looks like on the wire is stated with each type; `surveys.answers.validation`
enforces it and `surveys.answers.typed_rows` turns it into typed rows. Defaults that depend on the
locale (end labels of NPS, CSAT and CES) live with the renderers.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.surveys.questions.conditions import Condition
from harken_server.surveys.texts import LocalText

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
"""Question, ending and context keys: they also name spreadsheet and SPSS columns."""
VALUE_PATTERN = r"^[a-z0-9][a-z0-9_]{0,29}$"
"""Stored values of choices and matrix rows; `key__value` stays within 64 characters."""
OTHER = "other"
"""The stored value of the free-text choice; no ordinary choice may use it."""
END = "end"
"""Jump target meaning: go to the ending. `end:key` names a particular one."""
MAX_SHORT_TEXT = 500
MAX_LONG_TEXT = 10_000

Key: TypeAlias = Annotated[str, msgspec.Meta(pattern=KEY_PATTERN, max_length=32)]
Value: TypeAlias = Annotated[str, msgspec.Meta(pattern=VALUE_PATTERN, max_length=30)]


class Says(Enum):
    """What a field says of a question, and so what a change to it means for the answers."""

    NAME = auto()
    """Which question it is."""
    TEXT = auto()
    """Words that people read; every field that holds a text, unless it is marked otherwise."""
    ENTRIES = auto()
    """Things to choose or to judge; every field that holds a list of choices."""
    LOGIC = auto()
    """Who is asked."""
    LOOKS = auto()
    """How the question is drawn."""
    LEAST = auto()
    """No answer is less."""
    MOST = auto()
    """No answer is more."""
    COUNT = auto()
    """An answer has exactly as many entries, or every one when it is None."""
    DEMAND = auto()
    """What an answer must be when it is true."""
    SCALE = auto()
    """One of the fields that the scale of a rating follows from."""
    OFFER = auto()
    """Something more to choose, which may be left away."""


class Jump(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """After this question, go on at a later question or an ending when the condition holds."""

    to: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    when: Condition | None = None
    """None means always."""


class Choice(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One thing to choose: the stored value and the shown label."""

    value: Value
    label: LocalText


class QuestionBase(
    msgspec.Struct,
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
):
    """What every question has in common."""

    key: Annotated[Key, Says.NAME]
    text: LocalText
    help: LocalText | None = None
    required: Annotated[bool, Says.DEMAND] = False
    show_if: Annotated[Condition | None, Says.LOGIC] = None
    jumps: Annotated[tuple[Jump, ...], msgspec.Meta(max_length=20), Says.LOGIC] = ()


class RatingBase(QuestionBase, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by one whole number. Wire: `9`."""

    low_label: LocalText | None = None
    high_label: LocalText | None = None


class Nps(RatingBase, tag="nps", kw_only=True, frozen=True, omit_defaults=True):
    """Likelihood to recommend, 0 to 10."""

    low: Annotated[int, Says.SCALE] = 0
    high: Annotated[int, Says.SCALE] = 10


class Csat(RatingBase, tag="csat", kw_only=True, frozen=True, omit_defaults=True):
    """Satisfaction, 1 (very dissatisfied) to 5 (very satisfied)."""

    low: Annotated[int, Says.SCALE] = 1
    high: Annotated[int, Says.SCALE] = 5
    style: Annotated[Literal["number", "star", "smiley"], Says.LOOKS] = "number"


class Ces(RatingBase, tag="ces", kw_only=True, frozen=True, omit_defaults=True):
    """Customer effort.

    `2.0`: agreement that the company made it easy, 1 to 7, higher is better.
    `1`: effort the customer had to make, 1 to 5, lower is better.
    """

    variant: Annotated[Literal["2.0", "1"], Says.SCALE] = "2.0"
    low: Annotated[int, Says.SCALE] = 1
    high: Annotated[int | None, Says.SCALE] = None
    """None means the variant's own: 7 for 2.0, 5 for 1."""


class Rating(RatingBase, tag="rating", kw_only=True, frozen=True, omit_defaults=True):
    """A whole number on a scale of 2 to 11 points; thumbs always have 2."""

    low: Annotated[int, msgspec.Meta(ge=0, le=1), Says.SCALE] = 1
    high: Annotated[int, msgspec.Meta(ge=1, le=11), Says.SCALE] = 5
    style: Annotated[Literal["number", "star", "smiley", "thumbs"], Says.LOOKS] = "star"


class OneChoice(QuestionBase, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by one of its `choices`, or where it has `other` by a text of its own."""


class SingleChoice(OneChoice, tag="single_choice", kw_only=True, frozen=True, omit_defaults=True):
    """One of several choices. Wire: `"price"`, or `{"other": "the music"}`."""

    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=100)]
    other: Annotated[LocalText | None, Says.OFFER] = None
    """Label of a last choice with a text of the respondent's own; None means there is none."""


class MultipleChoice(
    QuestionBase, tag="multiple_choice", kw_only=True, frozen=True, omit_defaults=True
):
    """Any of several choices. Wire: `["price", "speed", {"other": "the music"}]`."""

    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=100)]
    other: Annotated[LocalText | None, Says.OFFER] = None
    none: Annotated[Choice | None, Says.OFFER] = None
    """An exclusive choice such as "none of these"; it cannot be combined."""
    min_choices: Annotated[int, msgspec.Meta(ge=0, le=100), Says.LEAST] = 0
    max_choices: Annotated[Annotated[int, msgspec.Meta(ge=1, le=102)] | None, Says.MOST] = None


class Matrix(QuestionBase, tag="matrix", kw_only=True, frozen=True, omit_defaults=True):
    """One choice of the same columns for each row. Wire: `{"food": "good", "speed": "poor"}`."""

    rows: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=1, max_length=50)]
    columns: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=11)]


class Ranking(QuestionBase, tag="ranking", kw_only=True, frozen=True, omit_defaults=True):
    """Choices put in order, best first. Wire: `["speed", "price"]`."""

    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=20)]
    max_ranked: Annotated[Annotated[int, msgspec.Meta(ge=1, le=20)] | None, Says.COUNT] = None
    """None means that every choice must be ranked."""


class Written(QuestionBase, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by writing into one field."""


class ShortText(Written, tag="short_text", kw_only=True, frozen=True, omit_defaults=True):
    """One line. Wire: `"…"`."""

    max_chars: Annotated[int, msgspec.Meta(ge=1, le=MAX_SHORT_TEXT), Says.MOST] = 200
    placeholder: LocalText | None = None


class LongText(Written, tag="long_text", kw_only=True, frozen=True, omit_defaults=True):
    """Several lines. Wire: `"…"`."""

    max_chars: Annotated[int, msgspec.Meta(ge=1, le=MAX_LONG_TEXT), Says.MOST] = 2_000
    placeholder: LocalText | None = None


class Number(Written, tag="number", kw_only=True, frozen=True, omit_defaults=True):
    """A number. Wire: `12` or `12.5`."""

    min: Annotated[float | None, Says.LEAST] = None
    max: Annotated[float | None, Says.MOST] = None
    is_whole: Annotated[bool, Says.DEMAND] = False
    unit: LocalText | None = None


class Date(Written, tag="date", kw_only=True, frozen=True, omit_defaults=True):
    """A calendar day. Wire: `"2026-11-21"`."""

    earliest: Annotated[str | None, Says.LEAST] = None
    latest: Annotated[str | None, Says.MOST] = None


class Email(Written, tag="email", kw_only=True, frozen=True, omit_defaults=True):
    """An e-mail address. Wire: `"ada@example.com"`."""


class Phone(Written, tag="phone", kw_only=True, frozen=True, omit_defaults=True):
    """A phone number in international form. Wire: `"+47 22 12 34 56"`; stored as digits with +."""


class Consent(QuestionBase, tag="consent", kw_only=True, frozen=True, omit_defaults=True):
    """A tick under a text. Wire: `true` or `false`; when required it must be true."""

    label: LocalText


class Statement(QuestionBase, tag="statement", kw_only=True, frozen=True, omit_defaults=True):
    """A text without an answer."""


RatingQuestion: TypeAlias = Nps | Csat | Ces | Rating
OneChoiceQuestion: TypeAlias = SingleChoice
ChoiceQuestion: TypeAlias = OneChoiceQuestion | MultipleChoice | Ranking
WrittenQuestion: TypeAlias = ShortText | LongText | Number | Date | Email | Phone
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


def scale_of(question: RatingQuestion) -> tuple[int, int]:
    """Lowest and highest rating, ends included."""
    match question:
        case Ces(high=None):
            return question.low, 7 if question.variant == "2.0" else 5
        case Nps() | Csat() | Ces() | Rating():
            return question.low, question.high or 0
