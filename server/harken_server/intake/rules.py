"""What may be taken in, and the survey that it becomes responses of."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.kernel.errors import Problem
from harken_server.kernel.person_names import PersonName, trim_respondent
from harken_server.responses.submission import FIRST_YEAR
from harken_server.surveys.questions.types import as_rating, scale_of
from harken_server.surveys.survey import Survey

MAX_AT_ONCE = 200
"""Items taken in together."""
MAX_TEXT = 10_000
RATING, TEXT = "rating", "text"
"""Keys of the two questions."""
LINK = re.compile(r"https?://[^\s<>\"]+\Z")

Kind: TypeAlias = Literal["review", "social", "call", "ticket", "other"]
TITLES: dict[Kind, str] = {
    "review": "Reviews",
    "social": "Social posts",
    "call": "Call notes",
    "ticket": "Tickets",
    "other": "Other feedback",
}


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ratings of a source lie between, ends included: 2 to 11 points."""

    low: Annotated[int, msgspec.Meta(ge=0, le=1)] = 1
    high: Annotated[int, msgspec.Meta(ge=1, le=11)] = 5


class Item(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Something that somebody said of their own accord."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """As the source names it: taken in again, it is stored once."""
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    """When it was said."""
    rating: Annotated[int, msgspec.Meta(ge=0, le=11)] | None = None
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] | None = None
    link: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    """Where it stands: an address that begins with http:// or https://."""
    respondent: PersonName | None = None
    """Whose it is, where you know: as triggers and responses name the person."""
    touchpoint: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=12)] | None = None
    context: Annotated[dict[str, str | int | float | bool | None], msgspec.Meta(max_length=40)] = {}

    def __post_init__(self) -> None:
        """Blanks around the name are no part of it."""
        trim_respondent(self)


def problem_of_item(item: Item, now: datetime) -> Problem | None:
    """What is wrong with an item beside its shape, as far as its survey does not say it."""
    if item.link is not None and LINK.match(item.link) is None:
        return Problem("link", "bad_format", "link must begin with http:// or https://")
    if item.at > now:
        return Problem("at", "out_of_range", "at lies ahead: it has been said")
    if item.at.year <= FIRST_YEAR:
        message = f"at must not lie before {FIRST_YEAR + 1}"
        return Problem("at", "out_of_range", message, limit=FIRST_YEAR + 1)
    if item.rating is None and not (item.text or "").strip():
        return Problem("", "empty", "there is neither a rating nor a text")
    return None


def survey_of(source: str, kind: Kind, title: str | None, scale: Scale) -> Survey:
    """The survey whose responses a source's items are: a rating and a text, neither required."""
    return msgspec.convert(
        {
            "key": source,
            "title": title or TITLES[kind],
            "asking": {"invited_only": True},
            "questions": [
                {"type": "rating", "key": RATING, "text": "Rating"}
                | {"low": scale.low, "high": scale.high},
                {"type": "long_text", "key": TEXT, "text": "What they said", "max_chars": MAX_TEXT},
            ],
        },
        Survey,
    )


def scale_of_source(survey: Survey) -> Scale | None:
    """What the source's ratings lie between; None for a survey that is no source."""
    asked = {question.key: question for question in survey.questions}
    if not {RATING, TEXT} <= asked.keys() or not asked[TEXT].behaviour.is_comment:
        return None
    rating = as_rating(asked[RATING])
    return None if rating is None else Scale(*scale_of(rating))
