"""A survey that asks under conditions, and answers to what it asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from trigger_steps import HOME, NOW, fire, prepare

from harken_server.asking.triggers import TriggerResult
from harken_server.database.database import Database
from harken_server.responses.response import NewResponse
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.asking import (
    Rule,
    SurveyAsking,
)
from harken_server.surveys.definition import encode_survey
from harken_server.surveys.questions.types import Nps
from harken_server.surveys.store.surveys import get_survey, get_survey_by_id
from harken_server.surveys.survey import Survey
from harken_server.workspaces.store.workspaces import add_workspace

DAY = timedelta(days=1)
BERLIN = Rule(name="city", value="Berlin")


async def ready(db: Database, of_survey: SurveyAsking | None = None, **settings: Any) -> UUID:
    """A workspace with a survey `nps` that asks so; the survey's id."""
    await add_workspace(db, HOME, "home", "Home", NOW)
    survey = Survey(
        key="nps", title="T", questions=(Nps(key="recommend", text="?"),), asking=of_survey
    )
    await prepare(db, definition=encode_survey(survey), **{"cooldown_days": 0, **settings})
    record = await get_survey(db, HOME, "nps")
    assert record is not None
    return record.id


async def answer(
    db: Database, survey_id: UUID, asked: TriggerResult | None, rating: int = 9, **changes: Any
) -> None:
    """Answer the invitation of a decision completely."""
    survey = await get_survey_by_id(db, HOME, survey_id)
    assert survey is not None
    values: dict[str, Any] = {
        "id": uuid4(),
        "survey": survey,
        "version": 1,
        "sequence": 1,
        "is_complete": True,
        "digest": b"0" * 16,
        "received_at": NOW,
        "answers": [AnswerRow("recommend", rating=rating)],
        "touchpoint": "order.delivered",
    }
    if asked is not None:
        assert asked.invitation is not None
        values |= {
            "invitation_id": asked.invitation.id,
            "is_single_use": True,
            "respondent": asked.invitation.respondent,
            "proof": "link",
            "origin_proof": "link",
            "quotas": asked.invitation.quotas,
        }
    await db.store(RESPONSES, NewResponse(**(values | changes)))


async def reason(db: Database, *args: Any, **kwargs: Any) -> str:
    return (await fire(db, *args, **kwargs)).decision.reason
