"""The survey code decides as the server does: shared vectors, and random surveys besides."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_surveys import rule_cases
from rule_cases import Case, as_published, judge, read_cases, vector_files
from rules_page import run_rules
from watched import Watched
from widget_answers import SAID, given_answers, is_producible, said_problems

from harken_server.surveys.survey import Survey

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RANDOM_CASES = 300


async def test_the_shipped_code_agrees_with_the_shared_vectors(
    open_page: Callable[..., Awaitable[Watched]],
) -> None:
    cases = [_ready(case) for path in vector_files() for case in read_cases(path)]
    expected = [_expected(case) for case in cases]

    found = await run_rules((await open_page()).page, cases)

    assert _differing(cases, found, expected) == {}
    told = [outcome["problems"] for outcome in expected if "problems" in outcome]
    assert len(told) >= 150
    codes = {code for problems in told for _, code in problems}
    assert codes == {*SAID.values(), "too_low", "too_high"}


async def test_the_shipped_code_agrees_with_the_server_on_random_surveys(
    open_page: Callable[..., Awaitable[Watched]],
) -> None:
    drawn = _random_cases()
    cases = [_ready({**case, **judge(case), "name": json.dumps(case)}) for case in drawn]
    expected = [_expected(case) for case in cases]

    found = await run_rules((await open_page()).page, cases)

    assert _differing(cases, found, expected) == {}
    assert len(cases) >= RANDOM_CASES
    told = [outcome["problems"] for outcome in expected if "problems" in outcome]
    assert len(told) >= 100
    assert sum(map(bool, told)) >= 50


def _ready(case: Case) -> Case:
    questions = msgspec.convert(case["survey"], Survey).questions
    return {**as_published(case), "given": given_answers(questions, case["answers"])}


def _expected(case: Case) -> dict[str, Any]:
    """The server's outcome; its problems only of answers that can be given in the widget."""
    questions = msgspec.convert(case["survey"], Survey).questions
    outcome = {name: case[name] for name in ("visible", "ending", "filled")}
    if not is_producible(questions, case["answers"]):
        return outcome
    return {**outcome, "problems": said_problems(questions, case)}


def _differing(
    cases: list[Case], found: list[dict[str, Any]], expected: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        case["name"]: (outcome, wanted)
        for case, outcome, wanted in zip(cases, found, expected, strict=True)
        if any(outcome[name] != wanted[name] for name in wanted)
    }


def _random_cases() -> list[Case]:
    cases: list[Case] = []

    @settings(
        max_examples=RANDOM_CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rule_cases())
    def collect(case: Case) -> None:
        cases.append(case)

    collect()
    return cases
