"""Charts as text: heights and places for known numbers, names for screen readers, no markup in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.page.pictures.charts import (
    COLUMN_HEIGHT,
    Segment,
    draw_columns,
    draw_gauge,
    draw_share,
    draw_stack,
)
from harken_server.insights.page.pictures.trend import (
    N_HEIGHT,
    draw_trend,
    fit_axis,
)
from harken_server.insights.rules.distributions import ChoiceShare
from harken_server.insights.rules.groups import Tone
from harken_server.insights.rules.metrics import (
    customer_satisfaction,
    net_promoter_score,
    rating_score,
)
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import TrendPoint

NPS_TONES: list[Tone] = ["bad"] * 7 + ["middle"] * 2 + ["good"] * 2
A_QUARTER = Segment("A", 1, "bad")
LONE = ChoiceShare(value="a", n=1, of=33, share=3.0, low=None, high=None)
FIRST = date(2026, 9, 28)


def trend_of(*histograms: dict[int, int]) -> list[TrendPoint]:
    return [
        TrendPoint(
            period=f"2026-W{40 + week}",
            first_day=FIRST + timedelta(weeks=week),
            last_day=FIRST + timedelta(weeks=week, days=6),
            score=net_promoter_score("q", histogram),
        )
        for week, histogram in enumerate(histograms)
    ]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


def test_columns_are_as_high_as_their_share_of_the_tallest() -> None:
    svg = draw_columns(net_promoter_score("q", {10: 8, 7: 4, 0: 2}), NPS_TONES, "Ratings")

    columns = [*ET.fromstring(svg).iter("rect")]
    heights = [float(column.get("height", "")) for column in columns]
    assert heights[10] == COLUMN_HEIGHT
    assert heights[7] == COLUMN_HEIGHT / 2
    assert heights[0] == COLUMN_HEIGHT / 4
    assert heights[5] == 0
    assert [column.get("class") for column in columns] == NPS_TONES


def test_columns_say_each_rating_and_its_count_as_text() -> None:
    svg = draw_columns(net_promoter_score("q", {10: 12_345}), NPS_TONES, "Ratings")

    assert texts(svg)[-2:] == ["12k", "10"]
    assert "most often 10 (12,345)" in svg


def test_the_gauge_shows_raw_score_and_interval() -> None:
    svg = draw_gauge(net_promoter_score("q", {9: 9, 0: 2}), "Net Promoter Score")

    assert "Net Promoter Score: +64" in svg
    assert "95% interval 8 to 92, 11 answers." in svg
    assert texts(svg) == ["+64", "\N{MINUS SIGN}100", "100"]


@pytest.mark.parametrize(
    ("counts", "turn"), [({0: 1}, 0), ({8: 1}, 90), ({10: 1}, 180)], ids=["worst", "zero", "best"]
)
def test_the_mark_of_the_gauge_stands_at_the_raw_score(counts: dict[int, int], turn: int) -> None:
    svg = draw_gauge(net_promoter_score("q", counts), "NPS")

    [needle] = [path for path in ET.fromstring(svg).iter("path") if path.get("class") == "needle"]
    assert needle.get("transform") == f"rotate({turn} 130 126)"


def test_a_gauge_without_answers_has_an_em_dash_and_no_mark() -> None:
    svg = draw_gauge(net_promoter_score("q", {}), "NPS")

    assert texts(svg)[0] == "—"
    assert "needle" not in svg
    assert "spread" not in svg
    assert "No answers yet." in svg


def test_a_share_bar_has_its_width_and_whiskers_in_percent() -> None:
    choice = ChoiceShare(value="a", n=18, of=20, share=90.0, low=69.9, high=97.2)

    root = ET.fromstring(draw_share(choice, "Price"))

    assert root.findall("rect")[1].get("width") == "90%"
    [whisker] = root.iter("path")
    assert whisker.get("d", "").startswith("M699 10H972")


def test_a_stack_fills_the_bar_and_leaves_out_empty_parts() -> None:
    svg = draw_stack(
        "Groups",
        4,
        [Segment("A", 1, "bad"), Segment("B", 0, "middle"), Segment("C", 3, "good")],
    )

    parts = ET.fromstring(svg).findall("rect")
    assert [(part.get("x"), part.get("width")) for part in parts] == [("0%", "25%"), ("25%", "75%")]


def test_the_trend_breaks_where_nobody_answered() -> None:
    points = trend_of({10: 9, 0: 1}, {10: 8, 0: 1}, {}, {9: 5, 3: 5}, {9: 6, 3: 5})

    svg = draw_trend(points, net_promoter_score("q", {10: 28, 0: 12}), "week", "NPS")

    assert svg.count("<polyline") == svg.count("<polygon") == 2
    assert svg.count("<circle") == 4
    assert "in 2026-W44. 4 periods with fewer than 30 answers. 1 period without answers." in svg
    assert "0" in texts(svg)


def test_points_with_few_answers_are_hollow_and_every_point_says_its_answers() -> None:
    points = trend_of({10: 20, 0: 9}, {10: 20, 0: 10})

    svg = draw_trend(points, points[0].score, "week", "NPS")

    dots = [dot.get("class") for dot in ET.fromstring(svg).iter("circle")]
    assert dots == ["point thin", "point"]
    assert "From 38 (95% interval 3 to 66, 29 answers) in 2026-W40 to 33" in svg
    assert "1 period with fewer than 30 answers." in svg


@pytest.mark.parametrize(("of", "kind"), [(29, "bar thin"), (30, "bar")])
def test_a_bar_of_few_answers_looks_uncertain(of: int, kind: str) -> None:
    choice = ChoiceShare(value="a", n=10, of=of, share=1000 / of, low=20.0, high=50.0)

    svg = draw_share(choice, "Price")

    assert ET.fromstring(svg).findall("rect")[1].get("class") == kind
    assert f"10 of {of} answers, 95% interval 20% to 50%" in svg


def ends_of(path: ET.Element) -> list[float]:
    """Where an arc begins and ends, as fractions of the half circle."""
    _, start, length, _ = map(float, path.get("stroke-dasharray", "").split())
    return [start / 100, (start + length) / 100]


@pytest.mark.parametrize(
    ("score", "ends"),
    [
        (net_promoter_score("q", {10: 3, 8: 1}), (0.5, 0.875)),
        (net_promoter_score("q", {0: 1, 8: 1}), (0.25, 0.5)),
        (customer_satisfaction("q", {5: 1, 1: 3}), (0, 0.25)),
        (rating_score("q", {3: 4}), (0, 0.5)),
    ],
    ids=["above zero", "below zero", "percent", "mean"],
)
def test_the_arc_of_the_gauge_is_the_value(score: Score, ends: tuple[float, float]) -> None:
    root = ET.fromstring(draw_gauge(score, "Score"))

    arcs = {path.get("class"): path for path in root.iter("path")}
    assert ends_of(arcs["arc value"]) == pytest.approx(ends, abs=0.001)
    span = score.range_high - score.range_low
    interval = [((end or 0) - score.range_low) / span for end in (score.low, score.high)]
    assert ends_of(arcs["arc spread"]) == pytest.approx(interval, abs=0.001)


def test_a_lonely_period_has_a_dot_and_a_stroke_for_its_interval() -> None:
    points = trend_of({10: 5}, {}, {10: 5})

    svg = draw_trend(points, points[0].score, "week", "NPS")

    assert svg.count('class="lone"') == 2
    assert "<polyline" not in svg


def test_the_volume_columns_are_in_proportion_to_n() -> None:
    points = trend_of({10: 40}, {10: 20})

    svg = draw_trend(points, points[0].score, "week", "NPS")

    heights = [
        float(element.get("height", ""))
        for element in ET.fromstring(svg).iter("rect")
        if element.get("class") == "volume"
    ]
    assert heights == [N_HEIGHT, N_HEIGHT / 2]


def test_the_axis_holds_every_interval_and_maps_its_ends_to_the_plot() -> None:
    scores = [point.score for point in trend_of({10: 30, 0: 10}, {10: 9, 0: 9})]

    axis = fit_axis(scores)

    lows = [score.low for score in scores if score.low is not None]
    highs = [score.high for score in scores if score.high is not None]
    assert axis.low <= min(lows)
    assert max(highs) <= axis.high
    assert (axis.part_of(axis.low), axis.part_of(axis.high)) == (0, 1)


@given(st.lists(st.dictionaries(st.integers(1, 5), st.integers(1, 400), min_size=1), min_size=1))
def test_the_axis_has_few_lines_and_stays_in_the_range(histograms: list[dict[int, int]]) -> None:
    makers = (customer_satisfaction, rating_score)
    for make in makers:
        scores = [make("q", histogram) for histogram in histograms]

        axis = fit_axis(scores)

        assert scores[0].range_low <= axis.low < axis.high <= scores[0].range_high
        assert (axis.high - axis.low) / axis.step <= 6


def test_no_answers_draw_no_trend() -> None:
    assert draw_trend(trend_of({}, {}), net_promoter_score("q", {}), "week", "NPS") == ""


@pytest.mark.parametrize(
    "svg",
    [
        draw_gauge(net_promoter_score("q", {9: 1}), "A<b>&\"'"),
        draw_columns(net_promoter_score("q", {9: 1}), NPS_TONES, "A<b>&\"'"),
        draw_stack("A<b>&\"'", 1, [Segment("<i>", 1, "good")]),
        draw_share(LONE, "A<b>&\"'"),
        draw_trend(trend_of({9: 1}, {9: 2}), net_promoter_score("q", {9: 3}), "week", "A<b>&\"'"),
    ],
    ids=["gauge", "columns", "stack", "share", "trend"],
)
def test_every_chart_names_itself_escapes_texts_and_rounds_numbers(svg: str) -> None:
    root = ET.fromstring(svg)

    assert root.get("role") == "img"
    assert root.get("aria-label", "").startswith("A<b>&\"'")
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert "style=" not in svg
    assert not re.search(r"\d\.\d{2}", re.sub("aria-label=.*?>", "", svg))
