"""The filter that scores, exports and the results page share, as query parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.responses.response import CountFilter, Member, Standing
from harken_server.surveys.published import VersionNumber
from harken_server.workspaces.rules.dimensions import WAVE
from harken_server.workspaces.workspace import Workspace

Repeated: TypeAlias = Literal["all", "latest", "clustered"]
_BETWEEN = ";"


class FilterQuery(
    msgspec.Struct,
    kw_only=True,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"from_": "from"},
    omit_defaults=True,
):
    """Which responses are taken in; whatever is left out takes in all."""

    from_: date | None = None
    """First day on which it was answered, in the workspace's time zone, included."""
    to: date | None = None
    """Last day, included."""
    touchpoint: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    channel: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    version: VersionNumber | None = None
    where: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    """Of one member of a declared dimension: `store:Oslo`; of several dimensions at once with a
    semicolon between: `store:Oslo;plan:pro`."""
    segment: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """Key of a saved segment; all its conditions must hold."""
    repeated: Repeated | None = None
    """Of several responses of one person `all`, or the `latest` alone that the rest of the filter
    takes in; `clustered` takes in all, and scores know in their intervals that they are of one
    person. Left out: the latest for surveys that a programme asks, else all; all of them wherever
    time goes on: trends, comments, and what people did afterwards."""
    standing: Standing = "counted"
    """Responses that count, or one of the kinds that are kept apart."""


def count_filter(query: FilterQuery, workspace: Workspace) -> CountFilter:
    """The filter for storage; raises BadRequestError for a period that ends before it begins,
    and for a dimension that is not declared. What it says of a segment, and of who answered
    repeatedly, is read elsewhere (`insights.read.taking_in`).
    """
    if query.from_ is not None and query.to is not None and query.to < query.from_:
        raise BadRequestError(
            f"The period ends ({query.to}) before it begins ({query.from_}).", code="bad_parameter"
        )
    members = [] if query.where is None else _members(query.where, workspace)
    return CountFilter(
        from_day=query.from_.toordinal() if query.from_ else None,
        to_day=query.to.toordinal() if query.to else None,
        touchpoint=query.touchpoint,
        channel=query.channel,
        version=query.version,
        standing=query.standing,
        member=members[0] if members else None,
        also=tuple(members[1:]),
    )


def counted_dimensions(workspace: Workspace) -> list[str]:
    """Names of the dimensions by whose members responses are counted."""
    return [WAVE, *(dimension.name for dimension in workspace.dimensions)]


def _members(where: str, workspace: Workspace) -> list[Member]:
    """A semicolon stands between two of them only before the name of a dimension."""
    known = counted_dimensions(workspace)
    parts: list[str] = []
    for part in where.split(_BETWEEN):
        if parts and part.partition(":")[0] not in known:
            parts[-1] += _BETWEEN + part
        else:
            parts.append(part)
    return [_member(part, known) for part in parts]


def _member(where: str, known: list[str]) -> Member:
    name, colon, member = where.partition(":")
    if name in known and colon and member:
        return name, member
    raise BadRequestError(
        f"where is {where!r}; it must name a declared dimension ({', '.join(known)}) and a member "
        "of it, such as store:Oslo.",
        code="bad_parameter",
    )
