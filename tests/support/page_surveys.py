"""Surveys for tests of the page: one of each question."""

from __future__ import annotations

from typing import Any

from every_type import TYPES, shape_of

QUESTIONS = {kind: shape_of(kind) for kind in TYPES} | {
    "csat": {"style": "smiley"},
    "ces": {"variant": "1"},
    "rating": {"style": "star", "low_label": "Poor"},
    "short_text": {"placeholder": "Here"},
    "number": {"unit": "kg", "min": 1, "max": 5},
    "date": {"earliest": "2026-01-01"},
}


def survey_with(*questions: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"key": "test", "title": "Title", "questions": list(questions), **parts}


def question(kind: str, **parts: Any) -> dict[str, Any]:
    return {"type": kind, "key": "asked", "text": "Asked?", **QUESTIONS[kind], **parts}
