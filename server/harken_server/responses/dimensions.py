"""To which member of each dimension of its workspace a response belongs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from harken_server.database.database import Database
from harken_server.responses.response import NewResponse
from harken_server.responses.store.row import encode_members
from harken_server.responses.store.traits import read_traits
from harken_server.workspaces.rules.dimensions import WAVE, find_members, member_of
from harken_server.workspaces.workspace import Dimension


async def with_members(
    db: Database, new: NewResponse, dimensions: Sequence[Dimension], wave: str
) -> NewResponse:
    """The response with its members, from its context, from its person and from who asked.

    A person's traits are read only when a dimension asks for one, and only of a proved respondent:
    otherwise whoever knows a name could have a response counted as that person's.
    """
    traits: dict[str, Any] = {}
    if new.proof and new.respondent and any(one.source == "trait" for one in dimensions):
        found = await read_traits(db, new.survey.workspace_id, [new.respondent])
        traits = found.get(new.respondent, {})
    members = find_members(dimensions, msgspec.json.decode(new.context), traits)
    if wave:
        members[WAVE] = member_of(wave)
    return msgspec.structs.replace(new, dimensions=encode_members(members))
