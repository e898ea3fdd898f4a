"""Members of dimensions: found when a response comes in, and filled in for those stored before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.database.outbox import OutboxItem
from harken_server.http.runtime import Runtime
from harken_server.kernel.work_outcomes import Done, Later
from harken_server.responses.response import NewResponse
from harken_server.responses.store.members import count_responses, fill_next, remove_empty
from harken_server.responses.store.persons_sql import read_traits
from harken_server.responses.store.row import encode_members
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.rules.dimensions import WAVE, find_members, member_of
from harken_server.workspaces.store import dimensions as declared
from harken_server.workspaces.workspace import Dimension

SETTLE_S = 10.0
"""Every process has heard of a declaration by then, and has stored what it began before."""


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


async def fill_dimensions(runtime: Runtime, item: OutboxItem) -> Done | Later:
    """Do what an outbox item of the kind `dimensions.fill` promised.

    Nothing is left to do for one that a later declaration has replaced.
    """
    db, workspace_id, task = runtime.db, item.workspace_id, item.id
    declaration = await declared.get_declaration(db, workspace_id)
    if declaration.task != task or declaration.declared_at is None:
        return Done()
    if declaration.total is None:
        total = await count_responses(db, workspace_id)
        await declared.begin_filling(db, workspace_id, task, total)
    settled_at = declaration.declared_at + timedelta(seconds=SETTLE_S)
    while True:
        began = runtime.clock()
        surveys = await _fill_surveys(db, workspace_id, task)
        if began >= settled_at:
            break
        if runtime.clock() < settled_at:
            return Later(settled_at, "waits for responses that were on their way")
    for survey_id in surveys:
        await remove_empty(db, workspace_id, survey_id, declaration.filling)
    await declared.end_filling(db, workspace_id, task)
    return Done()


async def _fill_surveys(db: Database, workspace_id: UUID, task: UUID) -> list[UUID]:
    surveys = [survey.id for survey in await list_surveys(db, workspace_id)]
    for survey_id in surveys:
        while await fill_next(db, workspace_id, survey_id, task):
            pass
    return surveys
