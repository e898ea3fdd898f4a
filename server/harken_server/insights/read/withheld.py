"""Whether a survey keeps answers back just now."""

from __future__ import annotations

from collections.abc import Sequence

from harken_server.database.database import Database
from harken_server.insights.rules.breakdowns import GroupScores
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.hidden import Hidden, hidden_where
from harken_server.responses.store.releasing import count_waiting
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.protection import minimum_of


async def read_hidden(
    db: Database,
    loaded: LoadedSurvey,
    *,
    scores: Sequence[Score] = (),
    groups: Sequence[GroupScores] = (),
) -> Hidden | None:
    """What is to be said beside these numbers; None where all answers are in them."""
    minimum = minimum_of(loaded.survey)
    if not minimum:
        return None
    waiting = await count_waiting(db, loaded.record)
    return hidden_where(minimum, waiting=waiting, scores=scores, groups=groups)
