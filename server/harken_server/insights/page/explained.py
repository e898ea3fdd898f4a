"""What goes through whole responses, read only for whoever asks: drivers, and two breakdowns."""

from __future__ import annotations

from calendar import day_abbr
from collections.abc import Sequence

from harken_server.http.problems import BadRequestError
from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.pictures.heat_map import Cell, HeatMap
from harken_server.insights.page.pictures.matrix import Driver as Drawn
from harken_server.insights.page.pictures.matrix import Matrix
from harken_server.insights.page.selection import EVERYTHING
from harken_server.insights.page.view import ResultsView, labels_of, say_in
from harken_server.insights.page.words import say_rated
from harken_server.insights.read.breakdowns import OfSurvey
from harken_server.insights.read.heat_map import read_heat_map
from harken_server.insights.read.place import Place
from harken_server.insights.rules.comparing.heat_maps import HeatMap as Counted
from harken_server.insights.rules.drivers.items import rated_items
from harken_server.insights.rules.drivers.records import Driver, Drivers, Found, Wish
from harken_server.insights.rules.estimates import USUAL
from harken_server.insights.rules.figures import (
    show_number,
    show_score,
    show_share,
)
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Score
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.survey import Survey

NONE = "none"
MOST_UNASKED = 20_000
"""Responses, beyond which nobody is told unasked what goes with the score."""
FEWEST_ITEMS = 2
"""Beside the score itself, so that one can matter more than another."""


async def drivers_of(opened: OpenResults) -> Found | None:
    """None where nobody asks."""
    return await _drivers(opened) if opened.selection.drivers else None


async def fix_of(opened: OpenResults, view: ResultsView) -> Found | None:
    """For the line on top: what was found for whoever asks, or of so few responses unasked."""
    if view.drivers is not None:
        return view.drivers
    is_cheap = view.people is not None and view.people.responses <= MOST_UNASKED
    if not is_cheap or len(rated_items(view.survey.questions)) <= FEWEST_ITEMS:
        return None
    if minimum_of(view.survey) or opened.filter.stores or not any(each.n for each in view.scores):
        return None
    return await _drivers(opened)


async def _drivers(opened: OpenResults) -> Found:
    from harken_server.insights.read.drivers import read_drivers  # numpy: for whoever asks

    place = Place(*opened.place, opened.loaded.survey.questions, opened.filter)
    try:
        _, found = await read_drivers(place, None, None, Wish())
    except BadRequestError as error:
        return Found(None, str(error))
    return Found(None, found.refused) if found.refused else Found(found, "")


async def heat_of(opened: OpenResults, question: str) -> Counted | str | None:
    """Of one question by two groupings; a text says why there is none."""
    chosen = opened.selection
    if not (chosen.rows and chosen.columns) or opened.reach != EVERYTHING:
        return None
    loaded = opened.loaded
    asked = [each for each in loaded.survey.questions if each.key == question]
    of = OfSurvey(opened.runtime, loaded.workspace, loaded.record, asked, USUAL)
    zone, names = loaded.workspace.zone, (chosen.rows, chosen.columns)
    try:
        found = await read_heat_map(of, opened.filter, names, zone=zone, now=opened.now)
    except BadRequestError as error:
        return str(error)
    return found[0] if found else None


def matrix_of(survey: Survey, found: Drivers, level: float = USUAL_LEVEL) -> Matrix:
    """As it is drawn; `level` is that of its intervals."""
    return Matrix(
        tuple(
            Drawn(
                label_of(survey, each.item),
                each.share / 100,
                each.performance,
                each.n,
                (each.share_low / 100, each.share_high / 100),
                level,
            )
            for each in found.drivers
        ),
        "index",
    )


def label_of(survey: Survey, item: str) -> str:
    """The text of the question, or of the row of a matrix."""
    key, _, row = item.partition(".")
    for question in survey.questions:
        if question.key == key:
            labels = labels_of(question, survey, {}, survey.locale)
            return labels.get(row, row) if row else say_in(survey, survey.locale, question.text)
    return item


def first_to_fix(found: Drivers) -> Driver | None:
    """What matters most of what is done worse than the rest."""
    return next((each for each in found.drivers if each.quadrant == "fix_first"), None)


def say_first(survey: Survey, found: Drivers, scores: Sequence[Score] = ()) -> str:
    """What to mend first, in a sentence; with the score that the page shows of it."""
    each = first_to_fix(found)
    if each is None:
        return "Nothing that matters much is done badly beside the rest."
    own = [score for score in scores if score.question == each.item and score.n]
    shown = f" ({say_rated(own[0])})" if own else ""
    return (
        f"Fix first: {label_of(survey, each.item)}{shown}. {show_share(each.share)} of what goes "
        f"with the score ({show_number(each.share_low)} to {show_number(each.share_high)}%); its "
        f"mean rating is {show_score(each.performance, 'index')}, where 0 is the worst and 100 "
        "the best."
    )


def heat_drawn(found: Counted, names: tuple[str, str]) -> HeatMap:
    """As it is drawn; `names` are what rows and columns group by."""
    cells = {(each.row, each.column): Cell(each.score, each.n) for each in found.cells}
    return HeatMap(
        tuple(name_group(names[0], each.group) for each in found.rows),
        tuple(name_group(names[1], each.group) for each in found.columns),
        tuple(
            tuple(cells.get((row.group, column.group), Cell(None, 0)) for column in found.columns)
            for row in found.rows
        ),
        found.unit,
    )


def name_group(by: str, group: str) -> str:
    """A group as people call it.

    >>> name_group("weekday", "1"), name_group("hour", "7"), name_group("store", "")
    ('Mon', '7:00', 'none')
    """
    if by == "weekday" and group.isdecimal():
        return day_abbr[int(group) - 1]
    if by == "hour" and group.isdecimal():
        return f"{group}:00"
    return group or NONE
