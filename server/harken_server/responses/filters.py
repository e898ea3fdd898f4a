"""The filter that scores, exports and the results page share, as query parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.responses.response import CountFilter, Member, Standing
from harken_server.surveys.published import VersionNumber
from harken_server.workspaces.rules.dimensions import WAVE
from harken_server.workspaces.workspace import Workspace


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
    where: Annotated[str, msgspec.Meta(max_length=97)] | None = None
    """Of one member of a declared dimension: `store:Oslo`."""
    standing: Standing = "counted"
    """Responses that count, or one of the kinds that are kept apart."""


def count_filter(query: FilterQuery, workspace: Workspace) -> CountFilter:
    """The filter for storage; raises BadRequestError for a period that ends before it begins,
    and for a dimension that is not declared.
    """
    if query.from_ is not None and query.to is not None and query.to < query.from_:
        raise BadRequestError(
            f"The period ends ({query.to}) before it begins ({query.from_}).", code="bad_parameter"
        )
    return CountFilter(
        from_day=query.from_.toordinal() if query.from_ else None,
        to_day=query.to.toordinal() if query.to else None,
        touchpoint=query.touchpoint,
        channel=query.channel,
        version=query.version,
        standing=query.standing,
        member=None if query.where is None else _member(query.where, workspace),
    )


def counted_dimensions(workspace: Workspace) -> list[str]:
    """Names of the dimensions by whose members responses are counted."""
    return [WAVE, *(dimension.name for dimension in workspace.dimensions)]


def _member(where: str, workspace: Workspace) -> Member:
    name, colon, member = where.partition(":")
    known = counted_dimensions(workspace)
    if name in known and colon and member:
        return name, member
    raise BadRequestError(
        f"where is {where!r}; it must name a declared dimension ({', '.join(known)}) and a member "
        "of it, such as store:Oslo.",
        code="bad_parameter",
    )
