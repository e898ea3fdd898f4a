"""Definitions and what is wrong with them."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.surveys.checks import check_survey
from harken_server.surveys.survey import Survey

CHOICES = [{"value": "price", "label": "P"}, {"value": "speed", "label": "S"}]


def survey(*questions: dict[str, Any], **fields: Any) -> Survey:
    made = [{"type": "nps", "text": "?", "key": f"q{at}", **q} for at, q in enumerate(questions)]
    return msgspec.convert({"key": "s", "title": "S", "questions": made, **fields}, Survey)


def problems(*questions: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    return [(p.path, p.code) for p in check_survey(survey(*questions, **fields))]
