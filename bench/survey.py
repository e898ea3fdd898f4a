"""The survey that is measured: a rating, a choice and a comment, as most surveys have."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec

from bench.load import ID
from harken_server.surveys.survey import Survey

KEY = "bench"
DEFINITION: dict[str, Any] = {
    "key": KEY,
    "title": "How was your order?",
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?", "required": True},
        {
            "type": "single_choice",
            "key": "reason",
            "text": "What mattered most?",
            "choices": [
                {"value": value, "label": value.title()}
                for value in ("price", "speed", "quality", "service")
            ],
        },
        {"type": "long_text", "key": "why", "text": "Tell us in your own words"},
    ],
}
SURVEY = msgspec.convert(DEFINITION, Survey)
WORKSPACE_ID = UUID(int=1)
SURVEY_ID = UUID(int=2)
COMMENT = "The parcel came a day late, but the driver was kind and rang the bell twice."
SUBMISSION = json.dumps(
    {
        "id": ID.decode(),
        "survey": KEY,
        "answers": {"recommend": 9, "reason": "service", "why": COMMENT},
        "channel": "web",
        "locale": "en",
    }
).encode()
