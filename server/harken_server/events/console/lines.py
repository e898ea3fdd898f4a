"""Moments of a person as people of the house read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import NamedTuple, assert_never

from harken_server.asking.rules.reasons import MEANINGS
from harken_server.design.times import say_day
from harken_server.events.store.timeline_sql import Kind, Moment
from harken_server.kernel.numbers import number_text
from harken_server.surveys.questions.types import as_rating, scale_of
from harken_server.surveys.survey import Survey

KINDS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "asked": ("Asked", ("decision", "suppression")),
    "sent": ("Sent and seen", ("delivery", "contact")),
    "answered": ("Answered", ("response",)),
    "done": ("Done", ("event",)),
}
"""What the page can be narrowed to."""
_STATES = {
    "sent": "Handed over.", "failed": "It did not arrive.", "bounced": "It came back.",
    "complained": "It was reported as spam.",
}  # fmt: skip
_SUPPRESSED = {
    "unsubscribed": "They unsubscribed.", "bounced": "Their address bounced.",
    "complained": "They reported a mail as spam.", "manual": "Somebody of the house said so.",
    "survey": "They do not want this survey again.",
}  # fmt: skip


class Line(NamedTuple):
    """One moment in words."""

    clock: str
    """The time of day, in the workspace's zone."""
    at: datetime
    sign: str
    """What it is in one word, such as `Answered`."""
    title: str
    text: str
    survey: str
    """Key of its survey; empty: none, or it is gone."""
    touchpoint: str


class Day(NamedTuple):
    """The moments of a day, latest first."""

    day: date
    name: str
    lines: list[Line]


def days_of(
    moments: Iterable[Moment],
    surveys: Mapping[str, Survey],
    titles: Mapping[str, str],
    zone: tzinfo,
) -> list[Day]:
    """Moments that come latest first, by their day in the zone."""
    local = ((each.at.astimezone(zone), each) for each in moments)
    return [
        Day(day, f"{day:%A}, {say_day(day)}", [_line(at, one, surveys, titles) for at, one in some])
        for day, some in groupby(local, key=lambda each: each[0].date())
    ]


def _line(
    at: datetime, moment: Moment, surveys: Mapping[str, Survey], titles: Mapping[str, str]
) -> Line:
    title = titles.get(moment.survey, moment.survey)
    sign, said, text = _words(moment, title, surveys.get(moment.survey))
    return Line(
        f"{at:%H:%M}", at, sign, said, text, moment.survey if moment.survey in surveys else "",
        moment.touchpoint,
    )  # fmt: skip


def _words(moment: Moment, title: str, survey: Survey | None) -> tuple[str, str, str]:
    match moment.kind:
        case "decision":
            sign = "Asked" if moment.name == "asked" else "Not asked"
            meaning = next((text for code, text in MEANINGS.items() if code == moment.name), "")
            return sign, title or "No survey", "" if sign == "Asked" else meaning or moment.name
        case "delivery":
            text = _STATES.get(moment.state, moment.state.capitalize())
            return "Sent", f"{title} by {moment.name}", text
        case "contact":
            return ("Opened" if moment.name == "shown" else "Closed"), title, ""
        case "response":
            return _answered(moment, title, survey)
        case "event":
            value = "" if moment.value is None else number_text(moment.value)
            return "Did", moment.name, value
        case "suppression":
            title = title or "No survey at all"
            return "Left alone", title, _SUPPRESSED.get(moment.name, moment.name.capitalize())
        case _:
            assert_never(moment.kind)


def _answered(moment: Moment, title: str, survey: Survey | None) -> tuple[str, str, str]:
    """With the first rating that the survey asks for."""
    sign = "Answered" if moment.name == "complete" else "Began to answer"
    for question in survey.questions if survey else ():
        rated = as_rating(question)
        if rated is not None and question.key in moment.ratings:
            return sign, title, f"Rated {moment.ratings[question.key]} of {scale_of(rated)[1]}."
    return sign, title, ""
