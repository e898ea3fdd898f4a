"""What a printed report says of each survey: the numbers of its results page, the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from harken_server.design.times import say_day
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.insights.page.access import results_of
from harken_server.insights.page.change import Change
from harken_server.insights.page.opened import turn_of
from harken_server.insights.page.panels.figures import Figure, figures_of
from harken_server.insights.page.panels.metrics import CommentCard, comment_cards
from harken_server.insights.page.reading import read_view
from harken_server.insights.page.selection import EVERYTHING
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.page.what_changed import changes_of, nothing_changed
from harken_server.insights.page.words import name_metric
from harken_server.insights.rules.hidden import say_hidden
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.catalog import SURVEY, Catalog
from harken_server.workspaces.people.rules import Reach
from harken_server.workspaces.workspace import Workspace

ON_A_SHEET = 4
MOST = 8
"""Surveys in one report."""
COMMENTS, CHANGES = 2, 2
"""Of each survey, so that four stand on one sheet."""


class Block(NamedTuple):
    """One survey."""

    title: str
    status: str
    days: str
    main: Figure | None
    """Its first score; None where nobody answered."""
    metric: str
    """What kind of score that is."""
    others: Sequence[Figure]
    changes: Sequence[Change]
    unchanged: str
    comments: Sequence[CommentCard]
    hidden: str
    """Why some answers are not among these."""
    has_samples: bool


class Wanted(NamedTuple):
    """What a report is to be about."""

    surveys: tuple[str, ...]
    first: date | None = None
    last: date | None = None

    def query(self) -> Mapping[str, str]:
        """As a results page takes it; without days its usual ones."""
        days = (("from", self.first), ("to", self.last))
        said = {name: day.isoformat() for name, day in days if day is not None}
        return {"days": "custom", **said} if said else {}


def names_in(text: str) -> tuple[str, ...]:
    """Keys of surveys, each once. Raises BadRequestError for none, and for too many."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not 0 < len(names) <= MOST:
        raise BadRequestError(
            f"surveys names {len(names)}; a report has 1 to {MOST}, with commas between.",
            code="bad_parameter",
        )
    return names


async def read_blocks(
    runtime: Runtime,
    workspace: Workspace,
    asked: Wanted,
    *,
    reads_comments: bool = True,
    reach: Reach = EVERYTHING,
) -> list[Block]:
    """A block for each survey, in their order. NotFoundError for one that there is not."""
    found: list[Block] = []
    for key in asked.surveys:
        try:
            loaded = await runtime.of(Catalog).find(key, workspace)
        except NotFoundError as error:
            raise SURVEY.missing(key) from error
        opened = await results_of(
            runtime, loaded, asked.query(), path="", reads_comments=reads_comments, reach=reach
        )
        async with turn_of(opened):
            found.append(_block(await read_view(opened)))
    return found


def _block(view: ResultsView) -> Block:
    figures = figures_of(view)
    first = "" if view.first_day is None else say_day(view.first_day)
    return Block(
        title=say(view, view.survey.title),
        status=view.status,
        days=f"{first} to {say_day(view.last_day)}" if first else f"up to {say_day(view.last_day)}",
        main=figures[0] if figures else None,
        metric=_metric_of(view),
        others=figures[1:4],
        changes=changes_of(view).whole[:CHANGES],
        unchanged=nothing_changed(view),
        comments=comment_cards(view, view.quoted or view.comments)[:COMMENTS],
        hidden=say_hidden(view.hidden) if view.hidden else "",
        has_samples=view.has_samples,
    )


def _metric_of(view: ResultsView) -> str:
    answered = [score for score in view.scores if score.n]
    first = [view.instrument] if view.instrument is not None else answered[:1]
    return name_metric(first[0]) if first else ""
