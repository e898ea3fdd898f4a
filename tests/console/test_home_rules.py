"""What home says of numbers: when a place is silent, what moved, and what is closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.console.rules.attention import CLOSES_WITHIN, of_closing
from harken_server.console.rules.movement import say_movement
from harken_server.console.rules.silence import LEAST_DAYS, LEAST_QUIET, SPAN, quiet_days
from harken_server.insights.rules.comparing.differences import Difference, score_difference
from harken_server.insights.rules.headlines import added, answers_in
from harken_server.insights.rules.metrics import net_promoter_score

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAYS = st.sets(st.integers(1_000, 1_060), max_size=60)
TODAY = st.integers(1_000, 1_100)
RATINGS = st.dictionaries(st.integers(0, 10), st.integers(0, 200), min_size=1)


@given(DAYS, TODAY, st.integers(-500, 500))
def test_silence_is_the_same_on_every_calendar_day(days: set[int], today: int, by: int) -> None:
    moved = quiet_days({day + by for day in days}, today + by)

    assert moved == quiet_days(days, today)


@given(DAYS, TODAY)
def test_nobody_is_told_of_a_quiet_that_is_short_or_where_answers_are_rare(
    days: set[int], today: int
) -> None:
    quiet = quiet_days(days, today)

    if quiet is not None:
        past = {day for day in days if day <= today}
        assert LEAST_QUIET <= quiet <= SPAN
        assert len(past) >= LEAST_DAYS
        assert max(past) + quiet + 1 == today


@given(DAYS, st.integers(1_061, 1_080))
def test_a_busier_place_is_missed_no_later(days: set[int], today: int) -> None:
    days |= {1_060}
    busier = days | set(range(1_033, 1_060))

    if quiet_days(days, today) is not None:
        assert quiet_days(busier, today) is not None


@pytest.mark.parametrize(
    ("every", "quiet", "is_told"),
    [
        (1, 2, False),
        (1, 3, True),
        (2, 6, False),
        (2, 7, True),
        (3, 10, False),
        (3, 12, True),
        (4, 20, False),
    ],
)
def test_how_long_a_quiet_is_too_long(every: int, quiet: int, is_told: bool) -> None:
    days = range(1_000, 1_000 - 2 * SPAN, -every)

    assert (quiet_days(days, 1_001 + quiet) is not None) == is_told


@given(RATINGS, RATINGS)
def test_a_difference_turned_round_is_its_opposite(
    some: dict[int, int], others: dict[int, int]
) -> None:
    now, before = net_promoter_score("q", some), net_promoter_score("q", others)

    there = score_difference(now, before, least=1)
    back = score_difference(before, now, least=1)

    assert (there is None) == (back is None) == (not now.n or not before.n)
    if there is not None and back is not None:
        assert there[:3] == pytest.approx((-back.by, -back.high, -back.low))
        assert there.p == pytest.approx(back.p)
        assert there.low <= there.by <= there.high


@given(RATINGS)
def test_a_score_beside_itself_could_be_chance(counts: dict[int, int]) -> None:
    score = net_promoter_score("q", counts)

    difference = score_difference(score, score, least=1)

    assert difference is None or (difference.by == 0 and difference.could_be_chance)


def test_few_answers_are_not_compared() -> None:
    many, few = net_promoter_score("q", {9: 30}), net_promoter_score("q", {9: 29})

    assert score_difference(many, few, least=30) is None
    assert score_difference(many, many, least=30) is not None


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (Difference(0.4, -3, 4, 0.8), "as in the four weeks before"),
        (Difference(-6, -9, -3, 0.01), "down 6 on the four weeks before"),
        (Difference(6, -3, 9, 0.2), "up 6 on the four weeks before, could be chance"),
        (None, "early days"),
    ],
)
def test_what_moved_is_said_with_its_certainty(difference: Difference | None, said: str) -> None:
    assert say_movement(difference, "points") == said


@given(st.lists(st.dictionaries(st.sampled_from("0123456789"), st.integers(0, 99))))
def test_answers_of_weeks_add_up(weeks: list[dict[str, int]]) -> None:
    assert answers_in(added([*weeks])) == sum(map(answers_in, weeks))


@pytest.mark.parametrize(
    ("away", "count"),
    [(timedelta(0), 0), (timedelta(minutes=1), 1), (CLOSES_WITHIN, 1), (timedelta(days=8), 0)],
)
def test_only_what_closes_soon_is_told(away: timedelta, count: int) -> None:
    assert len(of_closing("Your order", NOW + away, NOW, "order")) == count
