"""What goes with a change: what happened then, and which other questions moved with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from harken_server.insights.read.place import Place
from harken_server.insights.rules.comparing.reasons import Reason, find_reasons
from harken_server.insights.rules.comparing.steps import USUAL_DAYS, Event, Step, find_steps
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import RatingQuestion


async def read_steps(
    place: Place, question: RatingQuestion, events: Sequence[Event], today: int
) -> list[Step]:
    """What became of one score after each event; one statement."""
    if not events:
        return []
    days = [event.day for event in events]
    around = msgspec.structs.replace(
        place.selection, from_day=min(days) - USUAL_DAYS, to_day=max(days) + USUAL_DAYS
    )
    rows = await read_counts(
        place.db, place.workspace_id, place.survey_id, around, questions=[question.key],
        per_day=True,
    )  # fmt: skip
    by_day: dict[int, dict[str, int]] = {}
    for row in rows:
        own = by_day.setdefault(row.day, {})
        own[row.value] = own.get(row.value, 0) + row.n
    return find_steps(question, by_day, events, today)


async def read_reasons(
    place: Place, there: CountFilter, *, but: str, is_worse: bool
) -> list[Reason]:
    """Which other questions moved the same way; `there` is the part of the place that stood out.

    Two statements.
    """
    questions = [each for each in scored_questions(place.questions) if each.key != but]
    if not questions:
        return []
    every = msgspec.structs.replace(
        there, from_day=place.selection.from_day, to_day=place.selection.to_day
    )
    keys = [each.key for each in questions]
    here, whole = [
        _by_question(
            await read_counts(
                place.db, place.workspace_id, place.survey_id, chosen, questions=keys,
                per_day=False,
            )
        )
        for chosen in (there, every)
    ]  # fmt: skip
    return find_reasons(questions, here, whole, is_worse=is_worse)


def _by_question(rows: Iterable[CountRow]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        if not row.part:
            own = sums.setdefault(row.question, {})
            own[row.value] = own.get(row.value, 0) + row.n
    return sums
