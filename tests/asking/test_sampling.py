"""Who is drawn: the same people each time, and about the share that was asked for."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.asking.rules.eligibility import (
    is_sampled,
)

WORKSPACE = UUID("019a8f00-0000-7000-8000-000000000001")
RATES = st.floats(min_value=0, max_value=1)


@given(st.text(min_size=1, max_size=50), RATES)
def test_the_same_respondent_is_sampled_alike_each_time(respondent: str, rate: float) -> None:
    first = is_sampled(WORKSPACE, "post_purchase", respondent, rate)

    assert is_sampled(WORKSPACE, "post_purchase", respondent, rate) == first


@given(st.text(min_size=1, max_size=50), RATES, RATES)
def test_raising_the_rate_only_adds_people(respondent: str, one: float, other: float) -> None:
    low, high = sorted((one, other))

    if is_sampled(WORKSPACE, "post_purchase", respondent, low):
        assert is_sampled(WORKSPACE, "post_purchase", respondent, high)


@given(st.text(max_size=50))
def test_a_rate_of_0_asks_nobody_and_a_rate_of_1_everybody(respondent: str) -> None:
    assert not is_sampled(WORKSPACE, "post_purchase", respondent, 0.0)
    assert is_sampled(WORKSPACE, "post_purchase", respondent, 1.0)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 0.9])
def test_about_the_share_of_respondents_is_sampled(rate: float) -> None:
    people = 20_000

    chosen = sum(is_sampled(WORKSPACE, "nps", f"customer-{n}", rate) for n in range(people))

    spread = (rate * (1 - rate) / people) ** 0.5
    assert abs(chosen / people - rate) < 4 * spread


def test_samples_of_two_surveys_or_workspaces_are_unrelated() -> None:
    people = 20_000
    other = UUID(int=WORKSPACE.int + 1)

    for survey, workspace in (("csat", WORKSPACE), ("nps", other)):
        both = sum(
            is_sampled(WORKSPACE, "nps", f"customer-{n}", 0.5)
            and is_sampled(workspace, survey, f"customer-{n}", 0.5)
            for n in range(people)
        )
        assert abs(both / people - 0.25) < 0.0125


def test_the_sample_is_the_same_on_every_machine_and_release() -> None:
    chosen = [n for n in range(40) if is_sampled(WORKSPACE, "nps", f"customer-{n}", 0.25)]

    assert chosen == [1, 5, 9, 15, 19, 20, 26, 29, 34, 36, 37]
