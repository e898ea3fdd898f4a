"""A score after something that happened, and what moved with what stood out."""

from __future__ import annotations

from datetime import date
from random import Random

from harken_server.insights.rules.comparing.reasons import find_reasons
from harken_server.insights.rules.comparing.standouts import find_standouts
from harken_server.insights.rules.comparing.steps import Event, find_steps, is_of_step
from harken_server.surveys.questions.types import Ces, Csat, Nps

EASE = Ces(key="ease", text="?")
RECOMMEND = Nps(key="recommend", text="?")
START = date(2026, 6, 1).toordinal()
DEPLOY = Event("New checkout", START + 63, has_time=False)
BEFORE, AFTER = [1, 2, 3, 5, 6, 4, 2], [0, 1, 1, 3, 5, 8, 6]


def days(dice: Random, changes_on: int | None, many: int = 20) -> dict[int, dict[str, int]]:
    """Eighteen weeks of answers, better from some day on."""
    found: dict[int, dict[str, int]] = {}
    for day in range(START, START + 7 * 18):
        weights = AFTER if changes_on is not None and day >= changes_on else BEFORE
        counts: dict[str, int] = {}
        for rating in dice.choices(range(1, 8), weights, k=many):
            counts[str(rating)] = counts.get(str(rating), 0) + 1
        found[day] = counts
    return found


def by_week(counts: dict[int, dict[str, int]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for day, given in counts.items():
        own = found.setdefault(day - (day - START) % 7, {})
        for value, n in given.items():
            own[value] = own.get(value, 0) + n
    return found


def test_a_deploy_that_changed_something_is_sure_and_one_that_did_not_is_not() -> None:
    counts = days(Random(3), DEPLOY.day)
    nothing = Event("Nothing", DEPLOY.day + 30, has_time=True)

    real, unreal = find_steps(EASE, counts, [DEPLOY, nothing], START + 7 * 18)

    assert real.is_sure
    assert real.difference.by > 0.5
    assert (real.days, real.before.n, real.after.n) == (28, 560, 560)
    assert not unreal.is_sure
    assert unreal.p_corrected >= unreal.difference.p


def test_days_that_belong_to_another_event_are_in_neither_side() -> None:
    counts = days(Random(3), DEPLOY.day)
    soon = Event("Campaign", DEPLOY.day + 10, has_time=False)

    deploy, campaign = find_steps(EASE, counts, [DEPLOY, soon], START + 7 * 18)

    assert (deploy.days, campaign.days) == (10, 9)
    assert deploy.is_sure
    assert not campaign.is_sure


def test_what_is_not_over_yet_or_has_few_answers_is_not_told() -> None:
    counts = days(Random(3), None, many=1)

    assert find_steps(EASE, counts, [DEPLOY], DEPLOY.day - 1) == []
    assert find_steps(EASE, counts, [DEPLOY], DEPLOY.day + 1) == []


def test_stable_days_call_one_event_in_twenty_sure_at_most() -> None:
    dice = Random(11)
    alarms = sum(
        find_steps(EASE, days(dice, None, many=4), [DEPLOY], START + 7 * 18)[0].is_sure
        for _ in range(200)
    )

    assert alarms <= 20


def test_weeks_that_only_a_step_makes_stand_out_are_explained_by_it() -> None:
    counts = days(Random(3), DEPLOY.day)
    steps = find_steps(EASE, counts, [DEPLOY], START + 7 * 18)
    weeks = by_week(counts)
    found = find_standouts(EASE, {None: weeks}).standouts

    assert found
    assert all(is_of_step(EASE, weeks, each, steps) for each in found)
    assert not any(is_of_step(EASE, weeks, each, []) for each in found)


def test_a_week_that_fell_on_its_own_is_not_explained_by_a_step() -> None:
    counts = days(Random(3), DEPLOY.day)
    bad = START + 7 * 12
    for day in range(bad, bad + 7):
        counts[day] = {"1": 18, "4": 2}
    steps = find_steps(EASE, counts, [DEPLOY], START + 7 * 18)
    weeks = by_week(counts)

    first = find_standouts(EASE, {None: weeks}).standouts[0]

    assert first.start == bad
    assert not is_of_step(EASE, weeks, first, steps)


def test_the_question_that_fell_furthest_there_is_the_first_reason() -> None:
    questions = [Csat(key=key, text="?") for key in ("waiting", "staff", "prices")]
    every = {
        "waiting": {"1": 30, "2": 30, "4": 200, "5": 200},
        "staff": {"1": 20, "3": 30, "4": 200, "5": 200},
        "prices": {"2": 100, "3": 100, "4": 130, "5": 130},
    }
    there = {
        "waiting": {"1": 25, "2": 20, "4": 3},
        "staff": {"1": 12, "3": 6, "4": 20, "5": 10},
        "prices": {"2": 10, "3": 11, "4": 14, "5": 13},
    }

    found = find_reasons(questions, there, every, is_worse=True)

    assert [each.question for each in found] == ["waiting", "staff"]
    assert (found[0].score.n, found[0].usual.n) == (48, 412)
    assert find_reasons(questions, there, every, is_worse=False) == []
    assert find_reasons(questions, {}, every, is_worse=True) == []
