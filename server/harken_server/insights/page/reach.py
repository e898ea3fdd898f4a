"""How far asking and answering came, as far as whoever looks may know."""

from __future__ import annotations

from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.selection import EVERYTHING
from harken_server.insights.read.place import Place
from harken_server.insights.read.reaching import AskedByName, read_asked, read_left_after
from harken_server.insights.store.rates_sql import Finished
from harken_server.surveys.protection import minimum_of


async def left_after_of(opened: OpenResults, finished: Finished | None) -> dict[str, int] | None:
    """Where people stopped; None of a survey that shows none alone, where nobody did, and where
    too many did."""
    if finished is None or finished.started == finished.completed:
        return None
    if minimum_of(opened.loaded.survey):
        return None
    return await read_left_after(_place(opened))


async def asked_of(opened: OpenResults, by: str) -> AskedByName | None:
    """Who was asked by name, for whoever asks; of the whole survey alone, or of a touchpoint or
    channel: of other parts invitations do not tell."""
    chosen = opened.filter
    is_part = chosen.member or chosen.is_narrowed or chosen.version or chosen.stores
    if not opened.selection.who or is_part or opened.reach != EVERYTHING:
        return None
    if minimum_of(opened.loaded.survey):
        return None
    return await read_asked(_place(opened), by, opened.loaded.workspace.dimensions)


def _place(opened: OpenResults) -> Place:
    return Place(*opened.place, opened.loaded.survey.questions, opened.filter)
