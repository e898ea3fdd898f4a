"""The share of respondents to ask so that about n answers come in a week, spread over its days."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
PRIOR_ASKED = 2
PRIOR_ANSWERED = 1
"""Before anything is known, every second invitation is taken to be answered (Laplace's rule)."""


class Pace(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What a touchpoint did lately; all but the last count are of the same span of time."""

    span_s: float
    """Seconds that were looked at, up to now; at most a week."""
    asked: int = 0
    """Triggers that led to an invitation."""
    sampled_out: int = 0
    refused: int = 0
    """Triggers that sampling let through and something after it did not, such as a cooldown."""
    answered: int = 0
    """The invitations of the span that have a response."""
    answers_this_week: int = 0
    """Complete, counted answers since Monday, 00:00 UTC, of whatever invitation."""


def week_start(now: datetime) -> datetime:
    """Monday, 00:00, of the week of `now`, in the zone of `now` (UTC everywhere in Harken)."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=now.weekday())


def adaptive_rate(target: int, pace: Pace, now: datetime) -> float:
    """The share to ask, 0 to 1, so that by the end of each day its part of `target` has come.

    A seventh is wanted of each day, and what earlier days did not bring: asking early in the week
    alone would leave out whoever buys at its end. What is still wanted is set against what would
    come if everybody were asked: the triggers of the rest of the day at the pace of the span, times
    the share of invitations that get answered. A touchpoint without triggers so far asks everybody;
    once a day has its part nobody more is asked until the next. A higher target never lowers the
    rate, and more answers never raise it.
    """
    wanted = target * (now.weekday() + 1) / 7 - pace.answers_this_week
    if wanted <= 0:
        return 0.0
    response_rate = (pace.answered + PRIOR_ANSWERED) / (pace.asked + PRIOR_ASKED)
    expected = _askable(pace) * _share_of_span(pace, now) * response_rate
    return 1.0 if expected <= wanted else wanted / expected


def _askable(pace: Pace) -> float:
    """Invitations there would have been in the span, had nobody been sampled out."""
    let_through = pace.asked + pace.refused
    share = pace.asked / let_through if let_through else 1.0
    return pace.asked + pace.sampled_out * share


def _share_of_span(pace: Pace, now: datetime) -> float:
    """How long the rest of the day is, in spans."""
    left_s = (now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY - now).total_seconds()
    return left_s / pace.span_s if pace.span_s > 0 else 0.0
