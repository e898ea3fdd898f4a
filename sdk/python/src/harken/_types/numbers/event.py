"""What people did, and what that says beside their ratings."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

import msgspec

from harken._types.numbers.options import NumberOptions


class EventFields(TypedDict, total=False):
    """What an event says beside its name and its respondent; all may be left out."""

    at: datetime | None
    """When it happened (aware); now unless said."""
    value: float | None
    """What it came to, such as an order's total; always in the same currency."""
    properties: dict[str, str | int | float | bool] | None
    """Up to 20 more things to know of it."""
    id: str | None
    """A UUID that the event always has, so that telling it again stores it once; a new one unless
    said."""


class EventRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was not stored, and why."""

    index: int
    """Its place among those that were told, from 0."""
    id: str
    code: str
    message: str


class EventsTold(msgspec.Struct, frozen=True, kw_only=True):
    """What became of events; the numbers add up to how many were told."""

    stored: int = 0
    repeated: int = 0
    """Were there already, the same."""
    refused: tuple[EventRefusal, ...] = ()


class EventName(msgspec.Struct, frozen=True, kw_only=True):
    """A name of events, how many there are and when the last happened."""

    name: str
    n: int
    last_at: datetime


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened with a person."""

    at: datetime
    kind: str
    """`decision` (a trigger), `delivery` (a message went out), `response` or `event`."""
    name: str
    """Of a decision its reason, of a delivery its channel, of a response its state, of an event its
    name."""
    id: str
    survey: str = ""
    touchpoint: str = ""
    value: float | None = None
    """Of an event."""


class BehaviourOptions(NumberOptions, total=False):
    """What `client.events.behaviour` may be asked beside the survey; all may be left out."""

    event: str | None
    """What is looked for after the answer; the name that was told most often unless said."""
    period: int | None
    """Days of a period after the answer; 30 unless said."""
    periods: int | None
    """How many of them; 3 unless said."""


class Hazard(msgspec.Struct, frozen=True, kw_only=True):
    """One period after the answer."""

    period: int
    people: int
    """Who had not done it before, and whose period is over."""
    did: int


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """What people of one band of ratings did."""

    band: str
    people: int
    rate: float | None = None
    """Percentage who did it within the days; None where nobody could be followed so far."""
    low: float | None = None
    high: float | None = None
    hazards: tuple[Hazard, ...] = ()
    people_now: int = 0
    """People whose latest rating is in this band."""
    value_last_year: float = 0.0


class RateDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A rate less another, in points of percent."""

    by: float
    low: float
    high: float
    could_be_chance: bool


class BehaviourFound(msgspec.Struct, frozen=True, kw_only=True):
    """The bands, from low ratings to high ones, and what they are apart."""

    people: int
    bands: tuple[Band, ...] = ()
    difference: RateDifference | None = None
    """The best band's rate less the worst's."""
    value_at_risk: float = 0.0
    """What people whose latest rating is in the worst band did came to in the last 365 days."""


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What people did after they answered, by how they had rated."""

    survey: str
    question: str
    event: str
    days: int
    level: float = 0.95
    behaviour: BehaviourFound
    source: str = ""

    def __str__(self) -> str:
        lines = [f"{self.event} within {self.days} days of the answer:"]
        for band in self.behaviour.bands:
            if band.rate is None:
                lines.append(f"  {band.band}: too early to say ({band.people} people)")
            else:
                lines.append(
                    f"  {band.band}: {band.rate:.0f} % ({100 * self.level:g} % {band.low:.0f} to"
                    f" {band.high:.0f} %, {band.people} people)"
                )
        return "\n".join(lines)
