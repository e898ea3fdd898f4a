"""Pictures of made-up structures: every number is told in words, and nothing hidden slips out."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from harken_server.insights.page.pictures.heat_map import Cell, HeatMap, draw_heat_map
from harken_server.insights.page.pictures.journey import Stage, draw_journey
from harken_server.insights.page.pictures.matrix import Driver, Matrix, draw_matrix, quadrant_of
from harken_server.insights.page.pictures.ranges import Ranged, draw_ranges
from harken_server.insights.page.pictures.standalone import picture_file

HEAT = HeatMap(
    ("Oslo", "Bergen & <b>"),
    ("Order delivered", "Shop"),
    ((Cell(12, 40), Cell(33, 20)), (Cell(-50, 99), Cell(71, 3, is_hidden=True))),
    "points",
)
STAGES = (
    Stage("Aware", asks=False, people=50, went_on=50),
    Stage("Purchase", True, 31, 20, 40, 400, "up 3.0", (1, None, 3), 50, 31),
    Stage("Support", True, 71, 60, 80, 3, is_hidden=True),
    Stage("Delivery"),
)
DRIVERS = (
    Driver("Speed", 0.4, 3.2, 300),
    Driver("Price", 0.1, 3.0, 300),
    Driver("Food", 0.3, 4.5, 20),
    Driver("Order", 0.05, 4.6, 300),
)
ROWS = (
    Ranged("Oslo", 31, 20, 40, 200),
    Ranged("Bergen", -5, -20, 10, 12),
    Ranged("Nowhere", None, None, None, 0),
    Ranged("Tiny", 71, 60, 80, 3, is_hidden=True),
)
PICTURES = {
    "heat map": draw_heat_map("NPS by store and touchpoint", HEAT),
    "journey": draw_journey("Customer lifecycle", STAGES),
    "matrix": draw_matrix("What to mend first", Matrix(DRIVERS, "mean")),
    "ranges": draw_ranges("NPS by store", ROWS, "points", (-100, 100), 29),
}


def said(svg: Markup) -> str:
    return ET.fromstring(str(svg)).get("aria-label", "")


def texts(svg: Markup) -> list[str]:
    return [each.text or "" for each in ET.fromstring(str(svg)).iter("text")]


@pytest.mark.parametrize("name", ["heat map", "journey", "ranges"])
def test_what_is_hidden_is_told_and_its_number_is_nowhere(name: str) -> None:
    svg = PICTURES[name]

    assert "71" not in re.sub(r'(?:points|d|x|y|width|height|cx)="[^"]*"', "", svg)
    assert "hidden" in said(svg).lower()
    assert any("idden" in text for text in texts(svg))


def test_a_heat_map_has_its_score_and_n_in_each_cell_and_says_its_ends() -> None:
    svg = PICTURES["heat map"]

    assert {"+12", "n 40", "+33", "n 20", "\N{MINUS SIGN}50", "n 99", "hidden"} <= set(texts(svg))
    assert "Lowest: Bergen & <b>, Order delivered: \N{MINUS SIGN}50, 99 answers." in said(svg)
    assert "Highest: Oslo, Shop: +33, 20 answers." in said(svg)
    kinds = re.findall(r'<rect[^>]+class="((?:above|below|step)-\d)', svg)
    assert kinds == ["above-1", "above-2", "below-2"]
    means = HeatMap(("a",), ("b", "c"), ((Cell(1.2, 40), Cell(4.4, 40)),), "mean")
    steps = re.findall(r'<rect[^>]+class="(step-\d)', draw_heat_map("Means", means))
    assert steps == ["step-0", "step-4"]


def test_points_around_nothing_have_no_colour() -> None:
    cells = ((Cell(0.5, 40), Cell(-40, 40), Cell(3, 40)),)

    svg = draw_heat_map("NPS", HeatMap(("a",), ("b", "c", "d"), cells, "points"))

    assert re.findall(r'<rect[^>]+class="(level|(?:above|below)-\d)', svg) == [
        "level", "below-2", "level"
    ]  # fmt: skip


def test_a_journey_says_where_nobody_is_asked_and_who_goes_no_further() -> None:
    drawn = PICTURES["journey"]
    assert "Aware: no survey here, 0 of 50 people go no further (0%)." in said(drawn)
    assert "Delivery: no answers yet." in said(drawn)
    assert (
        "Purchase: 31.0, 95% interval 20.0 to 40.0, 400 answers, up 3.0,"
        " week by week from 1.0 to 3.0, 19 of 50 people go no further (38%)." in said(drawn)
    )
    assert {
        "↓ 19 of 50 people go no further",
        "after Purchase (38%)",
        "20.0 to 40.0 · 400 answers",
        "up 3.0",
    } <= set(texts(drawn))


def test_the_way_is_as_wide_as_people_pass() -> None:
    flows = [
        [float(end.split(",")[0]) for end in each.get("points", "").split()]
        for each in ET.fromstring(str(PICTURES["journey"])).iter("polygon")
    ]

    widths = [(ends[1] - ends[0], ends[2] - ends[3]) for ends in flows]
    assert widths[0] == (16, 16)
    assert widths[1][0] == 16
    assert widths[1][1] == pytest.approx(16 * 31 / 50, abs=0.1)


@pytest.mark.parametrize(
    ("at", "quadrant"),
    [(0, "Fix first"), (1, "Low priority"), (2, "Keep it up"), (3, "Possible overkill")],
)
def test_drivers_lie_in_their_quadrant(at: int, quadrant: str) -> None:
    driver = DRIVERS[at]

    assert quadrant_of(driver, DRIVERS) == quadrant
    assert f"{driver.label}: importance" in said(PICTURES["matrix"])
    assert f"{quadrant.lower()}." in said(PICTURES["matrix"])


def test_rows_share_one_scale_and_thin_evidence_is_hollow() -> None:
    circles = [*ET.fromstring(str(PICTURES["ranges"])).iter("circle")]

    places = [float(each.get("cx", "").rstrip("%")) for each in circles]
    assert len(places) == 2
    assert places[0] > places[1]
    assert [each.get("class") for each in circles] == ["point", "point thin"]


@pytest.mark.parametrize("drawn", PICTURES.values(), ids=PICTURES.keys())
def test_a_file_stands_alone_with_title_and_words(drawn: Markup) -> None:
    root = ET.fromstring(picture_file(drawn, "A <title>", "What it means."))

    title, desc = [root.find(f"{{http://www.w3.org/2000/svg}}{each}") for each in ("title", "desc")]
    assert title is not None
    assert title.text == "A <title>"
    assert desc is not None
    assert desc.text == f"What it means. {said(drawn)}"
    styles = root.findtext("{http://www.w3.org/2000/svg}style", "")
    named = set(re.findall(r"var\((--[\w-]+)\)", styles))
    assert named <= set(re.findall(r"(--[\w-]+):", styles))


@pytest.mark.parametrize(
    "drawn",
    [
        draw_heat_map("Nothing", HeatMap((), (), (), "points")),
        draw_journey("Nothing", ()),
        draw_matrix("Nothing", Matrix((), "mean")),
        draw_ranges("Nothing", (), "points", (-100, 100)),
    ],
)
def test_nothing_is_drawn_as_nothing(drawn: Markup) -> None:
    assert said(drawn).startswith("Nothing. No")
    assert picture_file(drawn, "Nothing", "").startswith(b"<svg ")
