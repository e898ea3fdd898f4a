"""The number of the instrument that a survey says it is."""

from __future__ import annotations

from uuid import UUID

from harken_server.database.database import Database
from harken_server.insights.rules.instruments import product_market_fit, system_usability_scale
from harken_server.insights.rules.scores import Score
from harken_server.insights.store.counts import read_counts
from harken_server.insights.store.instruments_sql import read_points
from harken_server.responses.response import CountFilter
from harken_server.surveys.instruments import market_fit_question, usability_statements
from harken_server.surveys.survey import Survey


async def read_instrument(
    db: Database, workspace_id: UUID, survey_id: UUID, survey: Survey, selection: CountFilter
) -> Score | None:
    """The score, perhaps of nobody; None for a survey that is no instrument."""
    place = (db, workspace_id, survey_id)
    match survey.instrument:
        case "sus":
            statements = usability_statements(survey)
            return system_usability_scale(await read_points(*place, statements, selection))
        case "product_market_fit":
            key = market_fit_question(survey)
            rows = await read_counts(*place, selection, questions=[key], per_day=False)
            return product_market_fit(key, {row.value: row.n for row in rows})
        case None:
            return None
