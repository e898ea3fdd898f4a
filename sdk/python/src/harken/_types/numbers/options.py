"""What numbers may be asked: of which answers, and how sure to be."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict


class AnswerOptions(TypedDict, total=False):
    """Of which answers numbers and pictures are; all may be left out."""

    from_: date | str | None
    """First day, included."""
    to: date | str | None
    """Last day, included."""
    touchpoint: str | None
    channel: str | None
    version: int | None
    where: str | None
    """A member of a declared dimension, such as `store:Oslo`; of several `store:Oslo;plan:pro`."""
    segment: str | None
    """The key of a saved segment."""
    repeated: str | None
    """Of several responses of one person `all`, the `latest`, or `clustered`: all, and intervals
    that know of it. Unless said the latest for surveys that a programme asks, else all; trends
    take in all."""
    standing: str | None
    """Responses that do not count, such as `unverified`, in place of those that do; refused
    (`small_groups`) for a survey with a minimum group."""


class FilterOptions(AnswerOptions, total=False):
    """Which responses numbers are made of, and how sure to be; all may be left out."""

    level: float | None
    """Of the intervals: 0.8, 0.9, 0.95 (the usual) or 0.99."""


class NumberOptions(FilterOptions, total=False):
    """What scores and trends may be asked alike; all may be left out."""

    question: str | None
    """This question's alone."""


class WeightOptions(TypedDict, total=False):
    """What answers count for; all may be left out: then each counts once."""

    weight: Literal["asked", "raked"] | None
    """By the inverse of the probability of having been asked, or to the shares of `margins`."""
    margins: str | None
    """Such as `store:Oslo=0.6,Bergen=0.4;plan:pro=30,free=70`; unless said those that dimensions
    declare."""
    trim: float | None
    """The highest weight beside the mean one; unless said 5 for `raked`, none for `asked`."""
    unknown: Literal["leave_out", "refuse"] | None
    """What is done about answers without a weight; unless said they are left out and counted."""


class ScoreOptions(NumberOptions, WeightOptions, total=False):
    """What `client.scores` may be asked beside the survey; all may be left out."""

    choice: str | None
    """The share of this choice of the `question`; of a matrix `row.value`."""
    method: str | None
    """Of the intervals, such as `wald`, `exact`, `t` or `bootstrap`."""
    by: str | None
    """Gives `groups`: `touchpoint`, `stage`, `channel`, `locale`, `version`, `wave` or a
    dimension."""
    compare: str | None
    """Gives `compared`: the `previous` period, the `previous_wave`, another period such as
    `2026-01-01..2026-01-31`, or a part such as `version:2`, `store:Berlin` or `segment:families`.
    """
