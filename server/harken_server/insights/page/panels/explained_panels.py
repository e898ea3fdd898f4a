"""The panels that are read on demand: what to mend first, and two breakdowns at once."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from harken_server.insights.page.explained import (
    heat_drawn,
    label_of,
    matrix_of,
    name_group,
    say_first,
)
from harken_server.insights.page.pictures.heat_map import draw_heat_map
from harken_server.insights.page.pictures.matrix import draw_matrix
from harken_server.insights.page.tables import Table
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.comparing.heat_maps import HeatMap
from harken_server.insights.rules.drivers.formulas import NOT_CAUSAL
from harken_server.insights.rules.drivers.records import Found
from harken_server.insights.rules.figures import show_score, show_share

_COLOURS = {
    False: "The stronger the colour, the higher the score",
    True: "Green is above 0 and red below it, the stronger the further; without colour is near 0",
}
"""By whether the score has a nought in its middle."""


class Explained(NamedTuple):
    """One of them; `refused` says why there is no picture."""

    refused: str
    says: str = ""
    note: str = ""
    """What it does not say."""
    svg: Markup = Markup()
    table: Table = Table("", (), ())
    csv: str = ""
    file: str = ""


def drivers_panel(view: ResultsView, found: Found | None) -> Explained | None:
    """None where nobody asked."""
    if found is None:
        return None
    if found.drivers is None:
        return Explained(found.refused)
    survey = view.survey
    rows = tuple(
        (
            label_of(survey, each.item),
            show_share(each.share),
            f"{show_share(each.share_low)} to {show_share(each.share_high)}",
            show_score(each.performance, "index"),
            f"{each.n:,}",
        )
        for each in found.drivers.drivers
    )
    heads = ("Item", "Importance", "95% interval", "Mean rating, 0 to 100", "Answers")
    return Explained(
        "",
        say_first(survey, found.drivers, view.scores),
        NOT_CAUSAL,
        draw_matrix("Importance and performance", matrix_of(survey, found.drivers)),
        Table("Importance and performance", heads, rows),
        view.link("/drivers.csv"),
        view.link("/drivers.svg"),
    )


def heat_panel(view: ResultsView, found: HeatMap | str | None) -> Explained | None:
    """None where nobody asked."""
    if found is None or isinstance(found, str):
        return None if found is None else Explained(found)
    chosen = view.selection
    name = f"By {chosen.rows} and {chosen.columns}"
    rows = tuple(
        (
            name_group(chosen.rows, each.row),
            name_group(chosen.columns, each.column),
            show_score(each.score, found.unit),
            f"{show_score(each.low, found.unit)} to {show_score(each.high, found.unit)}",
            f"{each.n:,}",
        )
        for each in found.cells
    )
    heads = (chosen.rows.capitalize(), chosen.columns.capitalize(), "Score", "95% interval", "n")
    return Explained(
        "",
        f"{_COLOURS[found.unit == 'points']}; dashed cells have few answers.",
        "",
        draw_heat_map(name, heat_drawn(found, (chosen.rows, chosen.columns))),
        Table(name, heads, rows, 2),
        view.link("/heat_map.csv"),
        view.link("/heat_map.svg"),
    )
