"""Where and when a score stood out: planted falls are found, and stable groups are left alone."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.comparing.breakdowns import break_down
from harken_server.insights.rules.comparing.standouts import LEAST, find_standouts
from harken_server.surveys.questions.types import Ces, Nps

RECOMMEND = Nps(key="recommend", text="?")
EFFORT = Ces(key="effort", text="?", variant="1.0")
USUAL = [1, 0, 0, 1, 1, 2, 2, 5, 7, 8, 7]
POOR = [3, 2, 2, 3, 3, 3, 3, 2, 1, 1, 0]
RATING = st.integers(0, 10).map(str)


def weeks(dice: Random, n: int, poor: int = -1) -> dict[int, dict[str, int]]:
    """Twelve of `n` answers each, one of them perhaps poor."""
    found: dict[int, dict[str, int]] = {}
    for week in range(12):
        weights = POOR if week == poor else USUAL
        counts: dict[str, int] = {}
        for rating in dice.choices(range(11), weights, k=n):
            counts[str(rating)] = counts.get(str(rating), 0) + 1
        found[7 * week] = counts
    return found


def test_the_store_that_fell_and_its_week_come_first() -> None:
    dice = Random(7)
    groups = {"oslo": weeks(dice, 20), "bergen": weeks(dice, 20, poor=5), "berlin": weeks(dice, 20)}

    looked = find_standouts(RECOMMEND, {**groups})

    first = looked.standouts[0]
    assert (first.group, first.start) == ("bergen", 35)
    assert first.difference.by < 0
    assert first.score.n == 20
    assert first.usual.n == 220
    assert looked.comparisons == 36
    assert first.p_corrected < 0.001


def test_nothing_is_said_of_few_answers_or_of_a_lonely_period() -> None:
    few = {0: {"10": LEAST - 1}, 7: {"0": 50}}
    lonely = {0: {"0": 50}}

    looked = find_standouts(RECOMMEND, {"few": few, "lonely": lonely})

    assert looked.standouts == ()
    assert looked.comparisons == 0


def test_stable_groups_seldom_stand_out() -> None:
    dice = Random(11)
    shops = 60

    alarms = sum(
        bool(find_standouts(RECOMMEND, {str(n): weeks(dice, 12) for n in range(3)}).standouts)
        for _ in range(shops)
    )

    assert alarms <= 0.15 * shops  # at 5 % each; 9 of 60 come less than once in a thousand


def test_what_is_erased_again_is_no_answer() -> None:
    looked = find_standouts(RECOMMEND, {"a": {0: {"9": 0, "3": 0}, 7: {"9": 9}}})

    assert looked.comparisons == 0


def test_a_scale_on_which_lower_is_better_keeps_its_own_sign() -> None:
    counts = {0: {"5": 40}, 7: {"1": 40}, 14: {"1": 40}}

    (high, *_) = find_standouts(EFFORT, {None: counts}).standouts

    assert high.start == 0
    assert high.difference.by > 0
    assert high.score.direction == "lower_is_better"


@given(st.dictionaries(RATING, st.integers(0, 9)), st.dictionaries(RATING, st.integers(0, 9)))
def test_answers_that_come_while_a_page_is_read_break_nothing(
    every: dict[str, int], more: dict[str, int]
) -> None:
    """All answers are read first, and their groups after them."""
    group = {value: every.get(value, 0) + more.get(value, 0) for value in {*every, *more}}

    (found,) = break_down([RECOMMEND], {"Oslo": {"recommend": group}}, {"recommend": every})

    assert found.scores[0].n == sum(group.values())
    assert found.beside_rest == []
