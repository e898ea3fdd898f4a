"""Weights of the responses that a filter takes in: by being asked, or raked to margins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.insights.read.breakdowns import OfSurvey
from harken_server.insights.rules.weighting.margins import read_margins
from harken_server.insights.rules.weighting.raking import (
    USUAL_CAP,
    Cell,
    Margins,
    Raked,
    empty_members,
    rake,
)
from harken_server.insights.rules.weighting.reports import Method, Unknown, Weighting, report_of
from harken_server.insights.rules.weighting.tallies import Tally, tally_of
from harken_server.insights.store.scan_sql import (
    CHANCE,
    NOBODY_KNOWS,
    Scanned,
    count_groups,
    count_responses,
)
from harken_server.responses.filters import FilterQuery, Repeated, counted_dimensions
from harken_server.responses.response import CountFilter
from harken_server.responses.small_groups import guard
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.rules.shares import as_shares
from harken_server.workspaces.workspace import Workspace

LEAST_TRIM = 1.0
MOST_CELLS = 2_000
"""Combinations of members; of more, raking may take seconds."""


class WeightQuery(
    FilterQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, and what its responses count for."""

    weight: Method | None = None
    """`asked`: each by the inverse of the probability with which its person was asked. `raked`: so
    that together they have the shares of `margins`. Left out: each counts once."""
    margins: Annotated[str, msgspec.Meta(max_length=4_000)] | None = None
    """Shares of the members of declared dimensions, in parts, percent or people:
    `store:Oslo=0.6,Bergen=0.4;plan:pro=30,free=70`. Left out: the `shares` of the dimensions that
    declare any."""
    trim: float | None = None
    """The highest weight beside the mean one, more than 1. Left out: 5 for `raked`, none for
    `asked`."""
    unknown: Unknown | None = None
    """Responses of nobody knows what probability, or of no declared member: `leave_out` (the usual;
    how many is said) or `refuse`."""


class Weights(msgspec.Struct, frozen=True):
    """What each response counts for, by what it has in common with others."""

    by: tuple[str, ...]
    """As `count_groups` groups."""
    of_cell: Mapping[Cell, float]
    """Responses of other cells have no weight and are left out."""
    report: Weighting


async def find_weights(of: OfSurvey, selection: CountFilter, query: WeightQuery) -> Weights:
    """BadRequestError (`cannot_weight`) where the responses cannot be weighted so, with the reason;
    ForbiddenError (`small_groups`) of a survey that shows nobody alone."""
    loaded = await of.runtime.of(Catalog).load(of.workspace, of.record)
    guard(loaded.survey, "Weighted scores")
    if query.trim is not None and not query.trim > LEAST_TRIM:
        raise BadRequestError(
            f"trim is {query.trim:g}; it must be more than 1, which is the mean weight.",
            code="bad_parameter",
        )
    where = Scanned(of.db, of.workspace.id, of.survey_id, selection)
    if query.weight == "asked":
        if query.margins is not None:
            raise BadRequestError("margins goes with weight=raked.", code="bad_parameter")
        return _asked(await count_responses(where, [CHANCE]), query)
    margins = margins_of(of, query)
    return await _raked(await count_responses(where, [*margins]), margins, query)


def check_weighted(query: WeightQuery, repeated: Repeated, method: str | None) -> None:
    """BadRequestError for what weighted responses have not, and for margins without a weight."""
    if query.weight is None:
        given = {"margins": query.margins, "trim": query.trim, "unknown": query.unknown}
        for name, value in given.items():
            if value is not None:
                raise BadRequestError(
                    f"{name} goes with weight=asked or weight=raked.", code="bad_parameter"
                )
    elif repeated == "clustered":
        raise BadRequestError(
            "weight goes with repeated=all or repeated=latest, not with clustered.",
            code="bad_parameter",
        )
    elif method == "bootstrap":
        raise BadRequestError(
            "weight has every method of intervals but bootstrap.", code="bad_parameter"
        )


def margins_of(of: OfSurvey, query: WeightQuery) -> Margins:
    """Those that the query says, else those that dimensions declare."""
    known = counted_dimensions(of.workspace)
    if query.margins is None:
        if declared := declared_shares(of.workspace):
            return declared
        raise BadRequestError(
            "weight=raked needs margins, such as margins=store:Oslo=0.6,Bergen=0.4: no dimension "
            "declares shares.",
            code="bad_parameter",
        )
    margins = read_margins(query.margins, known)
    if isinstance(margins, str):
        raise BadRequestError(margins, code="bad_parameter")
    return margins


def declared_shares(workspace: Workspace) -> Margins:
    """Of the dimensions that declare any."""
    told = {each.name: as_shares(dict(each.shares)) for each in workspace.dimensions if each.shares}
    return {name: shares for name, shares in told.items() if not isinstance(shares, str)}


async def read_tallies(
    of: OfSurvey,
    selection: CountFilter,
    weights: Weights,
    questions: Sequence[str],
    by: Sequence[str] = (),
) -> dict[tuple[str, ...], dict[str, Tally]]:
    """The weighted ratings of each question, by group; without `by` of all as the group `()`."""
    where = Scanned(of.db, of.workspace.id, of.survey_id, selection)
    found = await count_groups(where, questions, [*by, *weights.by])
    given: dict[tuple[str, ...], dict[str, list[tuple[float, Mapping[str, int]]]]] = {}
    for group, ratings in found.items():
        weight = weights.of_cell.get(group[len(by) :])
        if weight is None:
            continue
        own = given.setdefault(group[: len(by)], {})
        for question, counts in ratings.items():
            own.setdefault(question, []).append((weight, counts))
    return {
        group: {question: tally_of(each) for question, each in own.items()}
        for group, own in given.items()
    }


def _asked(sizes: Mapping[Cell, int], query: WeightQuery) -> Weights:
    known = {cell: n for cell, n in sizes.items() if _chance(cell) > 0}
    unknown = _left_out(
        sizes, known, query, "no known probability of having been asked", "weight=asked"
    )
    n = sum(known.values())
    mean = sum(size / _chance(cell) for cell, size in known.items()) / n
    whole = {cell: 1 / _chance(cell) / mean for cell in known}
    most = float("inf") if query.trim is None else query.trim
    weights = {cell: min(weight, most) for cell, weight in whole.items()}
    trimmed = sum(known[cell] for cell, weight in whole.items() if weight > most)
    report = report_of(
        "asked", known, weights, trim=query.trim, trimmed=trimmed, unknown=unknown
    )  # fmt: skip
    return Weights((CHANCE,), weights, report)


def _chance(cell: Cell) -> float:
    return 0.0 if cell[0] == NOBODY_KNOWS else float(cell[0])


async def _raked(sizes: Mapping[Cell, int], margins: Margins, query: WeightQuery) -> Weights:
    known = {
        cell: n
        for cell, n in sizes.items()
        if all(member in margins[name] for name, member in zip(margins, cell, strict=True))
    }
    unknown = _left_out(sizes, known, query, "no declared member", "margins")
    if len(known) > MOST_CELLS:
        raise _cannot(f"margins makes more than {MOST_CELLS:,} combinations of members.")
    if empty := empty_members(known, margins):
        named = ", ".join(f"{name}:{member}" for name, member in empty[:5])
        raise _cannot(
            f"margins gives a share to {named}, of whom nobody answered within this filter: no "
            "weight makes up for that. Take in more days, or leave them out of the margins."
        )
    cap = USUAL_CAP if query.trim is None else query.trim
    raked = await asyncio.to_thread(rake, known, margins, cap)
    if not raked.is_possible:
        raise _cannot(_unmet(raked))
    report = report_of(
        "raked", known, raked.weights, trim=cap, trimmed=raked.trimmed, unknown=unknown,
        rounds=raked.rounds, margins=margins,
    )  # fmt: skip
    return Weights(tuple(margins), raked.weights, report)


def _unmet(raked: Raked) -> str:
    worst = raked.worst
    told = "" if worst is None else (
        f": {worst.dimension}:{worst.member} comes to {100 * worst.reached:.1f} % in place of "
        f"{100 * worst.declared:.1f} %"
    )  # fmt: skip
    return f"No weights meet all margins{told}, after {raked.rounds:,} rounds."


def _left_out(
    sizes: Mapping[Cell, int],
    known: Mapping[Cell, int],
    query: WeightQuery,
    reason: str,
    parameter: str,
) -> int:
    """How many; BadRequestError where that may not be, or nobody is left."""
    every, kept = sum(sizes.values()), sum(known.values())
    if kept == 0:
        raise _cannot(f"{parameter}: of {every:,} responses all have {reason}.")
    if kept < every and query.unknown == "refuse":
        raise _cannot(
            f"{parameter}: {every - kept:,} of {every:,} responses have {reason}; "
            "unknown=leave_out goes without them."
        )
    return every - kept


def _cannot(reason: str) -> BadRequestError:
    return BadRequestError(reason, code="cannot_weight")
