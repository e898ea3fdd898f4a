"""CSV files of the results page: the same numbers as the page, safe to open in a sheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.page.tables import (
    comment_csv,
    distribution_csv,
    rating_csv,
    score_csv,
    tabulate_score,
    trend_csv,
)
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.metrics import customer_satisfaction, net_promoter_score
from harken_server.insights.store.comments import Comment
from harken_server.surveys.questions.types import Csat


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_scores_are_rounded_to_four_decimals() -> None:
    [row] = rows_of(score_csv([net_promoter_score("recommend", {9: 9, 0: 2})]))

    assert (row["score"], row["n"], row["method"]) == ("63.6364", "11", "adjusted_wald")
    assert row["low"].startswith("8.0008")
    assert row["share"] == ""


def test_a_score_that_nobody_gave_is_an_empty_cell() -> None:
    [row] = rows_of(score_csv([net_promoter_score("recommend", {})]))

    assert (row["score"], row["low"], row["high"], row["n"]) == ("", "", "", "0")


def test_the_trend_file_adds_up_to_the_score(view: ResultsView) -> None:
    rows = rows_of(trend_csv(view.trends[0]))

    assert sum(int(row["n"]) for row in rows) == view.scores[0].n
    assert [row["period"] for row in rows if not row["score"]] == ["2026-W40", "2026-W41"]


def test_the_ratings_file_lists_every_point_of_the_scale(view: ResultsView) -> None:
    rows = rows_of(rating_csv(view.scores[0]))

    assert [row["rating"] for row in rows] == [str(rating) for rating in range(11)]
    assert {row["rating"]: int(row["n"]) for row in rows} == view.scores[0].counts


def test_the_choices_file_has_value_and_label(view: ResultsView) -> None:
    found = [part for part in view.distributions if part.question == "reason"]

    rows = rows_of(
        distribution_csv(found, lambda value: {"taste": "How it tastes"}.get(value, value))
    )

    assert (rows[0]["choice"], rows[0]["label"]) == ("taste", "How it tastes")
    assert {row["base"] for row in rows} == {"answers"}


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@x", " =1", "\uff1dx", "\t=x"])
def test_a_comment_cannot_become_a_formula(text: str) -> None:
    comment = Comment(
        question="why", text=text, answered_at=datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
    )

    [row] = rows_of(comment_csv([comment]))

    assert row["text"] == f"'{text}"
    assert row["answered_at"] == "2026-11-21T09:05:00Z"


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 999)))
def test_the_headline_and_the_group_that_it_is_of_show_the_same_share(
    counts: dict[int, int],
) -> None:
    table = tabulate_score(Csat(key="q", text="?"), customer_satisfaction("q", counts))

    shown = {row[0]: row[1] for row in table.rows}
    assert shown["Customer satisfaction"] == shown["Satisfied (4\N{EN DASH}5)"]
