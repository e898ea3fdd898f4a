"""Whether a survey keeps answers back just now, and of which groups."""

from __future__ import annotations

from collections.abc import Sequence

from harken_server.database.database import Database
from harken_server.insights.rules.comparing.breakdowns import GroupScores
from harken_server.insights.rules.hidden import Hidden, hidden_where
from harken_server.insights.rules.scores import Score
from harken_server.responses.store.releasing import count_waiting, list_waiting_groups
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
    named = [score.n for group in groups if group.group for score in group.scores]
    n = sum(score.n for score in scores)
    return hidden_where(minimum, waiting=waiting, n=n, of_groups=named)


async def with_hidden_groups(
    db: Database, loaded: LoadedSurvey, groups: Sequence[GroupScores], by: str
) -> list[GroupScores]:
    """The groups, and those of which answers wait and none are shown, without a score."""
    minimum = minimum_of(loaded.survey)
    if not minimum:
        return [*groups]
    waiting = await list_waiting_groups(db, loaded.record, by)
    hidden, shown = Hidden("fewer_than_minimum", minimum), {each.group for each in groups}
    return [
        *groups,
        *(
            GroupScores(group=name, scores=[], beside_rest=[], hidden=hidden)
            for name in waiting
            if name not in shown
        ),
    ]
