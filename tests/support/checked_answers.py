"""Answers checked against questions, and the questions that several tests ask."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.surveys.answers.validation import Checked, check_answers, compile_survey
from harken_server.surveys.survey import Survey


def checked(
    questions: list[dict[str, Any]],
    answers: dict[str, Any],
    *,
    is_complete: bool = True,
    context: dict[str, Any] | None = None,
) -> Checked:
    survey = msgspec.convert(
        {
            "key": "s",
            "title": "S",
            "context": {"plan": ""},
            "questions": [{"text": "?", **q} for q in questions],
        },
        Survey,
    )
    return check_answers(compile_survey(survey), answers, context or {}, is_complete=is_complete)


def codes(result: Checked) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in result.problems]


CHOICES = [{"value": value, "label": value.upper()} for value in ("price", "speed", "taste")]
MULTIPLE = {"type": "multiple_choice", "key": "why", "choices": CHOICES}
