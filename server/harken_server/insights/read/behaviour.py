"""What people did after they answered, by how they had rated."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.problems import BadRequestError
from harken_server.insights.rules.groups import TONES, rating_groups
from harken_server.insights.rules.hazard import (
    Followed,
    Hazard,
    RateDifference,
    rate_difference,
    rate_of,
)
from harken_server.insights.store.behaviour_sql import Answered, read_answered, stream_done
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import RatingQuestion

MOST_ANSWERS = 200_000
YEAR = timedelta(days=365)


class BandBehaviour(msgspec.Struct, kw_only=True, frozen=True):
    """People of one band of ratings."""

    band: str
    """Such as `promoters`, by the rating of their first answer."""
    people: int
    rate: float | None
    """Percentage who did it within the days asked for; None where nobody could be followed so
    far."""
    low: float | None
    high: float | None
    hazards: list[Hazard]
    """Period by period."""
    people_now: int
    """People whose latest rating is in this band."""
    value_last_year: float
    """What these did came to in the last 365 days."""


class Behaviour(msgspec.Struct, kw_only=True, frozen=True):
    """What a survey's people did."""

    people: int
    bands: list[BandBehaviour]
    """From low ratings to high ones."""
    difference: RateDifference | None
    """The rate of the best band less that of the worst; None where either is not known."""
    value_at_risk: float
    """What people whose latest rating is in the worst band did came to in the last 365 days."""


class BehaviourOf(NamedTuple):
    """Whose, after which question, and what they did."""

    db: Database
    workspace_id: UUID
    survey_id: UUID
    question: RatingQuestion
    event: str
    period_days: int
    periods: int
    level: float
    now: datetime


class _Person(msgspec.Struct):
    first: Answered
    latest: Answered
    done_in: int | None = None
    value: float = 0.0


async def read_behaviour(of: BehaviourOf, selection: CountFilter) -> Behaviour:
    """BadRequestError where there are too many answers to follow each person."""
    answers = await read_answered(
        of.db, of.workspace_id, of.survey_id, selection,
        question=of.question.key, most=MOST_ANSWERS,
    )  # fmt: skip
    if answers is None:
        raise BadRequestError(
            f"More than {MOST_ANSWERS:,} answers name a person: say from and to, or a touchpoint.",
            code="bad_parameter",
        )
    people = _people_of(answers)
    since = min([of.now - YEAR, *(each.first.at for each in people.values())])
    async with aclosing(stream_done(of.db, of.workspace_id, of.event, since)) as chunks:
        async for chunk in chunks:
            for event in chunk:
                person = people.get(event.respondent)
                if person is not None:
                    _take(of, person, event.at, event.value)
    return _behaviour(of, list(people.values()))


def _people_of(answers: Sequence[Answered]) -> dict[str, _Person]:
    people: dict[str, _Person] = {}
    for answer in answers:
        known = people.setdefault(answer.respondent, _Person(answer, answer))
        known.first = min(known.first, answer, key=lambda each: each.at)
        known.latest = max(known.latest, answer, key=lambda each: each.at)
    return people


def _take(of: BehaviourOf, person: _Person, at: datetime, value: float) -> None:
    if of.now - YEAR <= at <= of.now:
        person.value += value
    if person.first.at < at <= of.now:
        period = _periods(of, at - person.first.at) + 1
        person.done_in = period if person.done_in is None else min(person.done_in, period)


def _behaviour(of: BehaviourOf, people: Sequence[_Person]) -> Behaviour:
    groups = rating_groups(of.question)
    bands: list[BandBehaviour] = []
    rates = {
        name: rate_of(
            [
                Followed(_periods(of, of.now - each.first.at), each.done_in)
                for each in people
                if each.first.rating in span
            ],
            of.periods,
            of.level,
        )
        for name, span in groups.items()
    }
    for name, span in groups.items():
        now = [each for each in people if each.latest.rating in span]
        bands.append(
            BandBehaviour(
                band=name,
                people=sum(each.first.rating in span for each in people),
                rate=rates[name].rate,
                low=rates[name].low,
                high=rates[name].high,
                hazards=rates[name].hazards,
                people_now=len(now),
                value_last_year=sum(each.value for each in now),
            )
        )
    tones = {TONES[name]: name for name in groups}
    return Behaviour(
        people=len(people),
        bands=bands,
        difference=rate_difference(rates[tones["good"]], rates[tones["bad"]]),
        value_at_risk=sum(each.value_last_year for each in bands if TONES[each.band] == "bad"),
    )


def _periods(of: BehaviourOf, span: timedelta) -> int:
    return span // timedelta(days=of.period_days)
