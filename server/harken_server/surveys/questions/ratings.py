"""Questions answered by one number of a scale."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec

from harken_server.surveys.questions.base import EQUAL, SILENT, Columns, Plain, Says, Style
from harken_server.surveys.texts import LocalText


class RatingBase(Plain, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by one whole number. Wire: `9`."""

    behaviour: ClassVar = SILENT._replace(
        takes_answer=True,
        compares=EQUAL | {"order"},
        compared_with="number",
        fills_texts=True,
        is_one_press=True,
        is_one_key=True,
        replies="all",
    )
    low_label: LocalText | None = None
    high_label: LocalText | None = None

    def sheet_columns(self) -> Columns:
        """The rating."""
        yield ""


class Nps(RatingBase, tag="nps", kw_only=True, frozen=True, omit_defaults=True):
    """Likelihood to recommend, 0 to 10.

    `customer`: a company, a product, a service. `employee`: a place to work; its number is the
    eNPS, which is not compared with that of customers.
    """

    variant: Annotated[Literal["customer", "employee"], Says.SCALE] = "customer"
    low: Annotated[int, Says.SCALE] = 0
    high: Annotated[int, Says.SCALE] = 10

    @property
    def asks_employees(self) -> bool:
        """As eNPS."""
        return self.variant == "employee"


class Csat(RatingBase, tag="csat", kw_only=True, frozen=True, omit_defaults=True):
    """Satisfaction, 1 (very dissatisfied) to 5 (very satisfied)."""

    low: Annotated[int, Says.SCALE] = 1
    high: Annotated[int, Says.SCALE] = 5
    style: Annotated[Literal["number", "star", "smiley"], Says.APPEARANCE] = "number"


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
    style: Annotated[Literal["number", "star", "smiley", "thumbs"], Says.APPEARANCE] = "star"


RatingQuestion: TypeAlias = Nps | Csat | Ces | Rating


def scale_of(question: RatingQuestion) -> tuple[int, int]:
    """Lowest and highest rating, ends included."""
    match question:
        case Ces(high=None):
            return question.low, 7 if question.variant == "2.0" else 5
        case Nps() | Csat() | Ces() | Rating():
            return question.low, question.high or 0


def style_of(question: RatingQuestion) -> Style | None:
    """How the scale is drawn; None for one that is always shown as numbers."""
    match question:
        case Csat() | Rating():
            return question.style
        case Nps() | Ces():
            return None
