"""Questions answered by writing: texts, numbers, days and addresses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar, TypeAlias

import msgspec

from harken_server.kernel.formats import is_calendar_day
from harken_server.surveys.questions.base import EQUAL, SILENT, BrokenLimit, Columns, Plain, Says
from harken_server.surveys.texts import LocalText

MAX_SHORT_TEXT = 500
MAX_LONG_TEXT = 10_000


class Written(Plain, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by writing into one field."""

    behaviour: ClassVar = SILENT._replace(
        takes_answer=True, compares=EQUAL, fills_texts=True, replies="text"
    )

    def sheet_columns(self) -> Columns:
        """What was written."""
        yield ""


class ShortText(Written, tag="short_text", kw_only=True, frozen=True, omit_defaults=True):
    """One line. Wire: `"…"`."""

    behaviour: ClassVar = Written.behaviour._replace(is_comment=True)
    max_chars: Annotated[int, msgspec.Meta(ge=1, le=MAX_SHORT_TEXT), Says.MOST] = 200
    placeholder: LocalText | None = None


class LongText(Written, tag="long_text", kw_only=True, frozen=True, omit_defaults=True):
    """Several lines. Wire: `"…"`."""

    behaviour: ClassVar = Written.behaviour._replace(is_comment=True, is_at_length=True)
    max_chars: Annotated[int, msgspec.Meta(ge=1, le=MAX_LONG_TEXT), Says.MOST] = 2_000
    placeholder: LocalText | None = None


class Number(Written, tag="number", kw_only=True, frozen=True, omit_defaults=True):
    """A number. Wire: `12` or `12.5`."""

    behaviour: ClassVar = Written.behaviour._replace(
        compares=EQUAL | {"order"}, compared_with="number", replies="all"
    )
    min: Annotated[float | None, Says.LEAST] = None
    max: Annotated[float | None, Says.MOST] = None
    is_whole: Annotated[bool, Says.DEMAND] = False
    unit: LocalText | None = None

    def sheet_columns(self) -> Columns:
        """The number."""
        yield ""

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """A least above the most, or no whole number between them."""
        low, high = self.min, self.max
        if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
            return
        if low > high:
            message = f"`min` is {low:g} and above `max`, which is {high:g}."
            yield BrokenLimit("min", message, high)
        elif self.is_whole and math.ceil(low) > math.floor(high):
            yield BrokenLimit("min", f"There is no whole number from {low:g} to {high:g}.", high)


class Date(Written, tag="date", kw_only=True, frozen=True, omit_defaults=True):
    """A calendar day. Wire: `"2026-11-21"`."""

    behaviour: ClassVar = Written.behaviour._replace(compared_with="day", replies="all")
    earliest: Annotated[str | None, Says.LEAST] = None
    latest: Annotated[str | None, Says.MOST] = None

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """Days that there are not, or a first one after the last."""
        ends = {"earliest": self.earliest, "latest": self.latest}
        wrong = [name for name, day in ends.items() if day is not None and not is_calendar_day(day)]
        for name in wrong:
            message = f"`{name}` must be a day of the calendar, written as YYYY-MM-DD."
            yield BrokenLimit(name, message, None, "invalid_date")
        if not wrong and self.earliest and self.latest and self.earliest > self.latest:
            message = f"`earliest` is {self.earliest} and after `latest`, which is {self.latest}."
            yield BrokenLimit("earliest", message, self.latest)


class Email(Written, tag="email", kw_only=True, frozen=True, omit_defaults=True):
    """An e-mail address. Wire: `"ada@example.com"`."""


class Phone(Written, tag="phone", kw_only=True, frozen=True, omit_defaults=True):
    """A phone number in international form. Wire: `"+47 22 12 34 56"`; stored as digits with +."""

    behaviour: ClassVar = Written.behaviour._replace(compared_with="phone")


WrittenQuestion: TypeAlias = ShortText | LongText | Number | Date | Email | Phone
