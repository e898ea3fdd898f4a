"""The survey that is measured: a rating, a choice and a comment, as most surveys have."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec

from bench.load import ID
from harken_server.database.database import Database
from harken_server.kernel.clock import system_clock
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import publish_version
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


async def add_survey(db: Database, survey_id: UUID = SURVEY_ID) -> SurveyRecord:
    """Publish it where no server does, of the workspace `WORKSPACE_ID`."""
    record, _ = await publish_version(
        db, WORKSPACE_ID, key=f"{KEY}{survey_id.int}", definition=msgspec.json.encode(SURVEY),
        digest="", change="first", expected=0, now=system_clock(), survey_id=survey_id,
        version_id=survey_id, status="live",
    )  # fmt: skip
    return record
