"""How far asking and answering came, as far as whoever looks may know."""

from __future__ import annotations

from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.selection import EVERYTHING
from harken_server.insights.read.place import Place
from harken_server.insights.read.reaching import AskedByName, read_asked, read_left_after
from harken_server.insights.store.rates_sql import Finished
from harken_server.insights.store.reached_sql import are_few_invitations
from harken_server.surveys.protection import minimum_of

MOST_UNASKED = 20_000
"""Invitations, beyond which they are counted only for whoever asks."""


async def left_after_of(opened: OpenResults, finished: Finished | None) -> dict[str, int] | None:
    """Where people stopped; None of a survey that shows none alone, where nobody did, and where
    too many did."""
    if finished is None or finished.started == finished.completed:
        return None
    if minimum_of(opened.loaded.survey):
        return None
    return await read_left_after(_place(opened))


async def asked_of(opened: OpenResults, by: str) -> AskedByName | None:
    """Who was asked by name; of the whole survey alone, or of a touchpoint or channel: of other
    parts invitations do not tell. Unless somebody wants to know, None where nobody was, and where
    there are very many."""
    chosen = opened.filter
    is_part = chosen.member or chosen.is_narrowed or chosen.version or chosen.stores
    if is_part or opened.reach != EVERYTHING or minimum_of(opened.loaded.survey):
        return None
    is_wanted = bool(opened.selection.who)
    if not is_wanted and not await are_few_invitations(opened.runtime.db, most=MOST_UNASKED):
        return None
    found = await read_asked(_place(opened), by, opened.loaded.workspace.dimensions)
    return found if found.reached.invited or is_wanted else None


def _place(opened: OpenResults) -> Place:
    return Place(*opened.place, opened.loaded.survey.questions, opened.filter)
