"""Customers to call: who, why, how to reach them, and that somebody has."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from harken_server.http.pages import Shown
from harken_server.http.resources import Resource
from harken_server.kernel.errors import NotFoundError
from harken_server.respondents.store.respondents import Respondent, list_respondents
from harken_server.responses.store.escalations import (
    EscalationRecord,
    close_escalation,
    list_escalations,
)
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.titles import title_of
from harken_server.workspaces.signed_in import Visit, act, page

FOLDER = Path(__file__).parents[1] / "templates"
PAGE_SIZE = 50
ESCALATION = Resource("escalation", "escalation_unknown")


class Waiting(NamedTuple):
    """Somebody to call."""

    escalation: EscalationRecord
    person: Respondent | None
    """What is known of them; None: nothing but their name."""


@page("/escalations", right="read")
async def show_escalations(visit: Visit) -> Shown:
    """Open ones, newest first, a page at a time."""
    before = _id(visit.said().get("before", ""))
    found = await list_escalations(
        visit.db, visit.workspace_id, is_open=True, before=before, limit=PAGE_SIZE + 1
    )
    shown, is_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    names = sorted({each.respondent for each in shown})
    people = {
        each.respondent: each
        for each in await list_respondents(visit.db, visit.workspace_id, names)
    }
    return visit.render(
        FOLDER,
        "escalations.html",
        title="Customers to call",
        crumbs=(("Home", visit.path()),),
        waiting=[Waiting(each, people.get(each.respondent)) for each in shown],
        titles=await _titles(visit, shown),
        older=visit.path(f"/escalations?before={shown[-1].id}") if is_more else "",
        is_first=before is None,
    )


async def _titles(visit: Visit, shown: list[EscalationRecord]) -> dict[str, str]:
    """What the surveys are called that were answered; one that is gone goes by its key."""
    titles: dict[str, str] = {}
    for key in sorted({each.detail.survey for each in shown if each.detail.survey}):
        with contextlib.suppress(NotFoundError):
            found = await visit.runtime.of(Catalog).find(key, visit.workspace)
            titles[key] = title_of(found.survey, key)
    return titles


@act("/escalations/{id:str}/close", "close_escalation", right="edit")
async def close(visit: Visit, id: str) -> Shown:  # noqa: A002  # The path's own word.
    """Somebody has called: poor answers before this count no more."""
    wanted = _id(id)
    found = wanted and await close_escalation(visit.db, visit.workspace_id, wanted, visit.now())
    ESCALATION.found(found, id)
    return visit.to("/escalations", said="Done: poor answers before this count no more.")


def _id(text: str) -> UUID | None:
    """What the address names; None for nothing and for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None
