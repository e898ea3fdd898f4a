"""Which responses of a survey a filter takes in: one condition for counts, exports and lists."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from harken_server.responses.codes import NOT_ERASED, STANDING_CODES
from harken_server.responses.response import CountFilter

OF_SURVEY = (
    "survey_number = (SELECT s.number FROM survey s WHERE s.workspace_id = $1 AND s.id = $2)"
)
"""Of responses or counts: whether they are of the survey `$2` of the workspace `$1`."""


class Selection(NamedTuple):
    """The responses of one survey that a filter takes in; erased ones never are."""

    condition: str
    """For a WHERE clause over `response r`, with `$1` and on."""
    params: tuple[Any, ...]


def select_responses(workspace_id: UUID, survey_id: UUID, selection: CountFilter) -> Selection:
    """The same responses whose answers `insights.store.counts` counts for the same filter."""
    conditions = [f"r.{OF_SURVEY}", f"r.{NOT_ERASED}", "r.standing = $3"]
    params: list[Any] = [workspace_id, survey_id, STANDING_CODES[selection.standing]]
    narrow(selection, conditions, params, "r.")
    return Selection(" AND ".join(conditions), tuple(params))


def narrow(
    selection: CountFilter, conditions: list[str], params: list[Any], alias: str = ""
) -> None:
    """Add what the filter says of days, touchpoint, channel and version: of responses or counts."""
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
