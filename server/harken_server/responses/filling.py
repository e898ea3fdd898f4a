"""Bring stored responses, and their counts, to the dimensions that their workspace declares.

Survey by survey along the feed, in batches of one transaction each, so that the work may end
anywhere and goes on from there. A response is changed under its lock; what changes it afterwards
moves it to the end of the feed, where it is looked at again. Whoever stores a response may not have
heard of the declaration yet, so the end of the feed is looked at once more after `SETTLE_S`.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from harken_server.database.database import Database
from harken_server.database.outbox import OutboxItem
from harken_server.http.runtime import Runtime
from harken_server.kernel.work_outcomes import Done, Later
from harken_server.responses.store.members import count_responses, fill_next, remove_empty
from harken_server.surveys.store.surveys import list_surveys
from harken_server.workspaces.store import dimensions

SETTLE_S = 10.0
"""Every process has heard of a declaration by then, and has stored what it began before."""


async def fill_dimensions(runtime: Runtime, item: OutboxItem) -> Done | Later:
    """Do what an outbox item of the kind `dimensions.fill` promised.

    Nothing is left to do for one that a later declaration has replaced.
    """
    db, workspace_id, task = runtime.db, item.workspace_id, item.id
    declaration = await dimensions.get_declaration(db, workspace_id)
    if declaration.task != task or declaration.declared_at is None:
        return Done()
    if declaration.total is None:
        total = await count_responses(db, workspace_id)
        await dimensions.begin_filling(db, workspace_id, task, total)
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
    await dimensions.end_filling(db, workspace_id, task)
    return Done()


async def _fill_surveys(db: Database, workspace_id: UUID, task: UUID) -> list[UUID]:
    surveys = [survey.id for survey in await list_surveys(db, workspace_id)]
    for survey_id in surveys:
        while await fill_next(db, workspace_id, survey_id, task):
            pass
    return surveys
