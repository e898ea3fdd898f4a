"""Surveys of a few questions, as the server holds them."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.surveys.definition import decode_survey
from harken_server.surveys.survey import Survey

LAST = {"type": "email", "key": "last", "text": "A survey must ask something"}


def survey_with(*questions: dict[str, Any], **parts: Any) -> Survey:
    definition = {"key": "test", "title": "Title", "questions": list(questions), **parts}
    return decode_survey(msgspec.json.encode(definition), "json")


def asked(kind: str = "nps", **parts: Any) -> dict[str, Any]:
    return {"type": kind, "key": "asked", "text": "Asked?", **parts}


def as_sent(config: dict[str, Any]) -> dict[str, Any]:
    """A config as a browser reads it."""
    return msgspec.json.decode(msgspec.json.encode(config))
