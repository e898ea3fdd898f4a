"""A score after something that happened, beside the score before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from harken_server.insights.rules.comparing.breakdowns import ratings_in
from harken_server.insights.rules.comparing.differences import (
    Difference,
    correct_many,
    score_difference,
)
from harken_server.insights.rules.comparing.standouts import LEAST, ByTime, Standout
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score
from harken_server.surveys.questions.types import RatingQuestion

USUAL_DAYS = 28
"""Looked at on each side."""


class Event(NamedTuple):
    """What happened, on this day; at a time of it that is known, or all day."""

    title: str
    day: int
    has_time: bool


class Step(msgspec.Struct, kw_only=True, frozen=True):
    """What became of the score."""

    event: Event
    days: int
    """Of each side."""
    before: Score
    after: Score
    difference: Difference
    p_corrected: float
    """Corrected for all events that were looked at (Holm)."""

    @property
    def is_sure(self) -> bool:
        """Whether p-value and interval both say that it is no chance."""
        is_rare = self.p_corrected <= 1 - self.difference.level
        return is_rare and self.difference.low * self.difference.high > 0


def spans_around(
    event: Event, days: int, today: int
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """First and last day of as many days before as after; None where nothing is after it yet.

    The day of an event with a time is on neither side: it has answers of both.

    >>> spans_around(Event("", 100, True), 28, 110)
    ((90, 99), (101, 110))
    """
    begins = event.day + event.has_time
    passed = min(days, today - begins + 1)
    if passed < 1:
        return None
    return (event.day - passed, event.day - 1), (begins, begins + passed - 1)


def find_steps(
    question: RatingQuestion, by_day: ByTime, events: Sequence[Event], today: int
) -> list[Step]:
    """Of each event with enough answers on both sides, in their order by day.

    Days on which another event happened, or beyond it, belong to that one.
    """
    looked: list[tuple[Event, int, Score, Score, Difference]] = []
    days = [event.day for event in events]
    for event in events:
        earlier = max((day for day in days if day < event.day), default=event.day - USUAL_DAYS - 1)
        later = min((day for day in days if day > event.day), default=today + 1)
        most = min(USUAL_DAYS, event.day - earlier - 1, later - event.day - event.has_time)
        spans = spans_around(event, most, today) if most > 0 else None
        if spans is None:
            continue
        before, after = (
            score_question(question, ratings_in(_added(_within(by_day, *span)))) for span in spans
        )
        found = score_difference(after, before, least=LEAST)
        if found is not None:
            looked.append((event, spans[0][1] - spans[0][0] + 1, before, after, found))
    chances = correct_many([each[-1].p for each in looked])
    return [
        Step(event=event, days=days, before=before, after=after, difference=found, p_corrected=p)
        for (event, days, before, after, found), p in zip(looked, chances, strict=True)
    ]


def is_of_step(
    question: RatingQuestion, by_period: ByTime, standout: Standout, steps: Sequence[Step]
) -> bool:
    """Whether a period stands out only because a sure step lies between it and others.

    `by_period` are those of its group. Beside the ones of its own side alone it is then no more
    than chance.
    """
    for step in steps:
        day = step.event.day
        is_after = standout.start >= day
        own = {
            start: counts
            for start, counts in by_period.items()
            if start != standout.start and (start >= day) == is_after
        }
        usual = score_question(question, ratings_in(_added(own.values())))
        found = score_difference(standout.score, usual, least=LEAST)
        if step.is_sure and (found is None or found.p * len(by_period) > 1 - found.level):
            return True
    return False


def _within(by_day: ByTime, first: int, last: int) -> list[Mapping[str, int]]:
    return [counts for day, counts in by_day.items() if first <= day <= last]


def _added(each: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in each:
        for value, n in counts.items():
            sums[value] = sums.get(value, 0) + n
    return sums
