"""A survey's numbers at one moment, and how many responses came since."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from harken_server.database.lanes import Positions, decode_cursor, encode_cursor
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.insights.read.scores import read_instrument, read_scores
from harken_server.insights.read.taking_in import within_time
from harken_server.insights.rules.scores import Metric, Score, Unit
from harken_server.insights.store.came_sql import count_came, count_taken_in
from harken_server.responses.response import CountFilter
from harken_server.responses.store.positions_sql import last_positions
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.protection import minimum_of

_TOGETHER = "n"
"""Before the number of responses: where those of a survey are that shows nobody alone."""


class LiveScore(msgspec.Struct, kw_only=True, frozen=True):
    """A score as `get_scores` gives it, without what a change is not looked at for."""

    question: str
    metric: Metric
    score: float | None
    low: float | None
    high: float | None
    n: int
    unit: Unit


class LiveChange(msgspec.Struct, kw_only=True, frozen=True):
    """What a survey's numbers are now."""

    survey: str
    new: int
    """Responses of the filter that came since the change before, or since the place given."""
    scores: list[LiveScore]


class Followed(NamedTuple):
    """Which numbers are followed."""

    runtime: Runtime
    loaded: LoadedSurvey
    chosen: CountFilter


class LiveState(msgspec.Struct, kw_only=True, frozen=True):
    """Numbers at one moment."""

    place: str
    """From where somebody goes on who comes back."""
    came: int
    """Responses since they are followed here."""
    scores: tuple[LiveScore, ...]


async def reckon(followed: Followed, start: Positions | int, now: Positions) -> LiveState:
    """The numbers; `start` is where the survey was when following it began (`start_of`)."""
    runtime, loaded, chosen = followed
    place = (runtime.db, loaded.workspace.id, loaded.record.id)
    async with runtime.of(HeavyReads).turn("reckoning", loaded.workspace.id), within_time(chosen):
        first = await read_instrument(*place, loaded.survey, chosen)
        scores = await read_scores(*place, loaded.survey.questions, chosen)
        if isinstance(start, int):
            total = await count_taken_in(*place, chosen)
            came, at = total - start, f"{_TOGETHER}{total}"
        else:
            came, at = await count_came(*place, chosen, start), encode_cursor(now)
    found = scores if first is None else [first, *scores]
    return LiveState(place=at, came=came, scores=tuple(_brief(score) for score in found))


async def start_of(followed: Followed, now: Positions) -> Positions | int:
    """From where responses are counted. Of a survey that shows nobody alone it is their number,
    since the feed moves with those that are not shown yet."""
    runtime, loaded, chosen = followed
    if not minimum_of(loaded.survey):
        return now
    return await count_taken_in(runtime.db, loaded.workspace.id, loaded.record.id, chosen)


async def place_of(followed: Followed) -> str:
    """Where it is now, for a page that is about to be read; empty where nothing more comes."""
    runtime, loaded, _ = followed
    if loaded.record.status == "closed":
        return ""
    now = await last_positions(runtime.db, loaded.workspace.id, loaded.record.id)
    start = await start_of(followed, now)
    return f"{_TOGETHER}{start}" if isinstance(start, int) else encode_cursor(start)


async def came_since(followed: Followed, place: str, state: LiveState) -> int:
    """How many came between a place that was given out and a state. Raises BadRequestError."""
    runtime, loaded, chosen = followed
    if state.place == place:
        return 0
    since, until = _read(place), _read(state.place)
    if isinstance(until, int):
        return max(until - since, 0) if isinstance(since, int) else 0
    if isinstance(since, int):
        return 0
    at = (runtime.db, loaded.workspace.id, loaded.record.id)
    later = await count_came(*at, chosen, until)
    return max(await count_came(*at, chosen, since) - later, 0)


def _read(place: str) -> Positions | int:
    number = place.removeprefix(_TOGETHER)
    if (
        place != number and number.isascii() and number.isdecimal() and len(number) <= 12
    ):  # more than there are
        return int(number)
    positions = decode_cursor(place)
    if positions is None:
        raise BadRequestError(
            "Last-Event-ID (or after) is no place of this stream; leave it out to begin anew.",
            code="bad_parameter",
        )
    return positions


def _brief(score: Score) -> LiveScore:
    return LiveScore(**{name: getattr(score, name) for name in LiveScore.__struct_fields__})
