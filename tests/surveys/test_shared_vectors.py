"""The shared vectors hold for the server's rules; the browser runs the same cases."""

from __future__ import annotations

import pytest
from every_type import TYPES
from rule_cases import Case, config_of, judge, read_cases, vector_files

CASES = [case for path in vector_files() for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_shared_case_comes_out_as_written(case: Case) -> None:
    expected = {name: case[name] for name in ("visible", "ending", "problems", "filled")}

    assert judge(case) == expected


def test_the_browser_gets_the_same_surveys() -> None:
    by_key = {case["survey"]["key"]: case for case in CASES}

    drifted = [key for key, case in by_key.items() if config_of(case["survey"]) != case["config"]]

    assert drifted == [], "run tests/vectors/survey_rules/regenerate.py"


def test_the_vectors_cover_every_kind_of_question_and_comparison() -> None:
    text = "".join(path.read_text("utf-8") for path in vector_files())

    assert len(CASES) >= 400
    for name in (
        *TYPES,
        *("equals", "not_equals", "at_least", "at_most", "one_of", "includes", "answered"),
        *("all", "any", "not"),
    ):
        assert f'"type": "{name}"' in text or f'"op": "{name}"' in text, name
