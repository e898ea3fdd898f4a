"""Which responses of a survey a filter takes in: one condition for counts, exports and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from harken_server.responses.codes import ALONE, NOT_ERASED, PROVED, STANDING_CODES
from harken_server.responses.response import STORE, CountFilter, Member
from harken_server.responses.store import conditions_sql

OF_SURVEY = (
    "survey_number = (SELECT s.number FROM survey s WHERE s.workspace_id = $1 AND s.id = $2)"
)
"""Of responses or counts: whether they are of the survey `$2` of the workspace `$1`."""


class Selection(NamedTuple):
    """The responses of one survey that a filter takes in; erased ones never are."""

    condition: str
    """For a WHERE clause over `response r`, with `$1` and on."""
    params: tuple[Any, ...]
    order: str = "r.position"
    """In which they are listed."""


def select_responses(workspace_id: UUID, survey_id: UUID, selection: CountFilter) -> Selection:
    """The same responses whose answers `insights.store.counts` counts for the same filter."""
    conditions = [f"r.{OF_SURVEY}", f"r.{NOT_ERASED}", "r.standing = $3"]
    params: list[Any] = [workspace_id, survey_id, STANDING_CODES[selection.standing]]
    if selection.standing != "counted":  # nobody has put these together with others
        conditions.append(f"r.{ALONE}")
    narrow(selection, conditions, params, "r.")
    if selection.stores:
        conditions.append(_of_members([(STORE, store) for store in selection.stores], params))
    if selection.member:
        conditions.append(_of_members([selection.member], params))
    conditions += [_of_members([member], params) for member in selection.also]
    if selection.narrowed is not None:
        conditions += conditions_sql.hold(selection.narrowed, params)
    if selection.is_latest:
        conditions.append(_is_latest(conditions))
    # In the order of what they say: of who said it, and when, that tells nothing.
    order = "r.answers, r.number" if selection.is_sheltered else "r.position"
    return Selection(" AND ".join(conditions), tuple(params), order)


def chosen_by(workspace_id: UUID, survey_id: UUID, selection: CountFilter | Selection) -> Selection:
    """The responses of a filter, or those that were selected already."""
    if isinstance(selection, Selection):
        return selection
    return select_responses(workspace_id, survey_id, selection)


def newest_of(selection: Selection, count: int | None) -> Selection:
    """Those that arrived last among the chosen, at most so many; None: all of them."""
    if count is None:
        return selection
    return Selection(
        f"r.number IN (SELECT r.number FROM response r WHERE {selection.condition}"  # noqa: S608  # values are parameters
        f" ORDER BY r.submitted_at DESC, r.number DESC LIMIT {count:d})",
        selection.params,
    )


def narrow(
    selection: CountFilter, conditions: list[str], params: list[Any], alias: str = ""
) -> None:
    """Add what the filter says of days, touchpoints, channel and version: of responses or counts.

    What it says of members stands in other columns of each: `of_members` of the counts, and
    `_of_members` here.
    """
    for comparison, value in (
        ("day >=", selection.from_day),
        ("day <=", selection.to_day),
        ("touchpoint =", selection.touchpoint),
        ("channel =", selection.channel),
        ("version =", selection.version),
    ):
        if value is not None:
            params.append(value)
            conditions.append(f"{alias}{comparison} ${len(params)}")
    if selection.touchpoints:
        places = places_of(selection.touchpoints, params)
        conditions.append(f"{alias}touchpoint IN ({places})")


def _is_latest(conditions: Sequence[str]) -> str:
    """Whether nobody's later one is among them: who names no respondent is a person each time.

    A name that is only claimed is another person than the one who proved it: otherwise anybody
    could have somebody's answer left out.
    """
    by = "r.respondent, CASE WHEN r.respondent IS NULL THEN r.number END"
    by += f", CASE WHEN r.{PROVED} THEN 1 ELSE 0 END"
    return (
        "r.number IN (SELECT placed.number FROM (SELECT r.number, ROW_NUMBER() OVER ("  # noqa: S608  # as above
        f"PARTITION BY {by} ORDER BY COALESCE(r.answered_at, r.submitted_at) DESC, r.number DESC"
        f") AS place FROM response r WHERE {' AND '.join(conditions)}) AS placed"
        " WHERE placed.place = 1)"
    )


def places_of(values: Sequence[str], params: list[Any]) -> str:
    """Marks of several parameters, which are added to the others."""
    first = len(params) + 1
    params += values
    return ", ".join(f"${number}" for number in range(first, len(params) + 1))


def _of_members(members: Sequence[Member], params: list[Any]) -> str:
    """Whether a response is of one of them: its members are JSON, in which quotes are escaped."""
    parts = [msgspec.json.encode({name: member}).decode()[1:-1] for name, member in members]
    marks = places_of(parts, params).split(", ")
    is_any = " OR ".join(f"REPLACE(r.dimensions, {mark}, '') <> r.dimensions" for mark in marks)
    return f"({is_any})"
