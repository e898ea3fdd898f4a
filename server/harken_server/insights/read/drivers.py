"""Drivers and reliability of a survey, from whole responses; numpy is imported with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from harken_server.http.problems import BadRequestError
from harken_server.insights.read.place import Place
from harken_server.insights.rules.drivers.explain import find_drivers
from harken_server.insights.rules.drivers.items import Item, named_items, rated_items
from harken_server.insights.rules.drivers.records import (
    MOST_EXACT,
    MOST_ITEMS,
    Drivers,
    Reliability,
    Wish,
)
from harken_server.insights.rules.drivers.reliability import find_reliability
from harken_server.insights.rules.drivers.sums import Ratings
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.ratings_sql import read_ratings
from harken_server.surveys.questions.types import Question

MOST_RESPONSES = 1_000_000
"""A byte an item each; of 100,000 with fifteen items it takes about a second."""
READ_WITHIN_S = 20.0


async def read_drivers(
    place: Place, outcome: str | None, names: Sequence[str] | None, wish: Wish
) -> tuple[str, Drivers]:
    """The outcome's name, and what goes with it. Without an outcome that of the first score,
    without names all other rated items. Raises BadRequestError.
    """
    known = rated_items(place.questions)
    target = _only(known, outcome or _first_scored(place.questions))
    items = [item for item in _chosen(known, names) if item != target]
    if wish.method == "shapley" and len(items) > MOST_EXACT:
        raise _bad(f"method=shapley takes {MOST_EXACT} items at most; these are {len(items)}.")
    if len(items) > MOST_ITEMS:
        raise _bad(f"{len(items)} items are too many; name up to {MOST_ITEMS} in items.")
    ratings = await _read(place, [*items, target])
    found = await asyncio.to_thread(find_drivers, items, ratings, wish, named=names is not None)
    return target.name, found


async def read_reliability(
    place: Place, names: Sequence[str] | None, turned: Sequence[str], level: float
) -> list[Reliability]:
    """Of each matrix; or of the named items as one scale. Raises BadRequestError."""
    known = rated_items(place.questions)
    if names is None:
        scales = {item.question: _chosen(known, [item.question]) for item in known if item.places}
    else:
        scales = {"items": _chosen(known, names)}
    items = [item for scale in scales.values() for item in scale]
    keyed = frozenset(item.name for item in _chosen(items, turned))
    if len(items) > 10 * MOST_ITEMS:
        raise _bad(f"{len(items)} items are too many; name up to {MOST_ITEMS} in items.")
    ratings = await _read(place, items)
    found: list[Reliability] = []
    for scale, own in scales.items():
        columns = ratings[:, [items.index(item) for item in own]]
        found.append(await asyncio.to_thread(find_reliability, scale, own, columns, keyed, level))
    return found


def _first_scored(questions: Sequence[Question]) -> str:
    scored = scored_questions(questions)
    if not scored:
        raise _bad("The survey has no scored question; name the outcome.")
    return scored[0].key


def _only(known: Sequence[Item], name: str) -> Item:
    items = _chosen(known, [name])
    if len(items) > 1:
        raise _bad(f"outcome is {name!r}, a matrix; name one of its rows, such as {items[0].name}.")
    return items[0]


def _chosen(known: Sequence[Item], names: Iterable[str] | None) -> list[Item]:
    if names is None:
        return [*known]
    found = named_items(known, names)
    if isinstance(found, str):
        raise _bad(
            f"{found!r} is no rated item here; there are "
            f"{', '.join(item.name for item in known) or 'none'}."
        )
    return found


async def _read(place: Place, items: Sequence[Item]) -> Ratings:
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            found = await read_ratings(
                place.db, place.workspace_id, place.survey_id, items, place.selection,
                most=MOST_RESPONSES,
            )  # fmt: skip
    except TimeoutError:
        found = None
    if found is None:
        raise _bad(
            f"There are more than {MOST_RESPONSES:,} responses, or reading them takes more than "
            f"{READ_WITHIN_S:.0f} seconds; choose a shorter period, or one touchpoint.",
            code="too_much_to_read",
        )
    return found


def _bad(message: str, code: str = "bad_parameter") -> BadRequestError:
    return BadRequestError(message, code=code)
