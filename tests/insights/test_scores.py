"""Scores read from the counts, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from harken_server.database.database import Database
from harken_server.insights.read.scores import read_first_score, read_overview, read_scores
from harken_server.insights.store.counts import last_day
from harken_server.responses.response import CountFilter
from harken_server.responses.store.changing import erase_response
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey
from harken_server.workspaces.workspace import Workspace

Store = Callable[..., Awaitable[None]]
Questions = tuple[Question, ...]
TODAY = 739_941
"""2026-11-21 as a proleptic ordinal."""


async def test_scores_stand_in_the_order_of_the_survey_with_their_intervals(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    for rating in [9] * 9 + [3] * 2:
        await store(recommend=rating, service=5)

    nps, csat = await read_scores(database, workspace.id, survey_id, questions, CountFilter())

    assert (nps.question, nps.n, csat.question, csat.score) == ("recommend", 11, "service", 100.0)
    assert nps.score == pytest.approx(63.6, abs=0.05)
    assert (nps.low, nps.high) == (pytest.approx(8, abs=0.05), pytest.approx(92, abs=0.05))


async def test_nobody_answered_is_none(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    await store(service=4)

    nps, csat = await read_scores(database, workspace.id, survey_id, questions, CountFilter())

    assert (nps.score, nps.n) == (None, 0)
    assert csat.n == 1


async def test_a_survey_without_metric_questions_has_no_scores(
    database: Database, workspace: Workspace, survey_id: UUID
) -> None:
    assert await read_scores(database, workspace.id, survey_id, (), CountFilter()) == []


@pytest.mark.parametrize(
    ("selection", "n"),
    [
        (CountFilter(), 4),
        (CountFilter(from_day=TODAY), 3),
        (CountFilter(to_day=TODAY - 1), 1),
        (CountFilter(from_day=TODAY - 9, to_day=TODAY - 9), 1),
        (CountFilter(touchpoint="till"), 1),
        (CountFilter(channel="email"), 1),
        (CountFilter(version=2), 1),
        (CountFilter(version=2, channel="email"), 0),
    ],
)
async def test_the_filter_takes_in_period_touchpoint_channel_and_version(
    database: Database,
    workspace: Workspace,
    survey_id: UUID,
    questions: Questions,
    store: Store,
    selection: CountFilter,
    n: int,
) -> None:
    await store(recommend=10, days_ago=9)
    await store(recommend=9, touchpoint="till")
    await store(recommend=8, channel="email")
    await store(recommend=7, version=2)

    nps, _ = await read_scores(database, workspace.id, survey_id, questions, selection)

    assert nps.n == n


async def test_hidden_answers_are_not_scored(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    await store(AnswerRow("recommend", rating=0, is_hidden=True), service=3)

    nps, _ = await read_scores(database, workspace.id, survey_id, questions, CountFilter())

    assert nps.n == 0


async def test_an_erased_response_leaves_the_score(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    erased = uuid4()
    await store(recommend=0, id=erased)
    await store(recommend=10)

    await erase_response(database, workspace.id, survey_id, erased)
    nps, _ = await read_scores(database, workspace.id, survey_id, questions, CountFilter())

    assert (nps.score, nps.n, nps.counts["0"]) == (100, 1, 0)


async def test_the_number_a_survey_is_known_by_is_its_first_score(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    survey = Survey(key="s", title="S", questions=questions)
    for rating, fields in ((9, {}), (3, {"channel": "email"}), (10, {"touchpoint": "till"})):
        await store(recommend=rating, service=4, **fields)

    for selection in (CountFilter(), CountFilter(channel="email"), CountFilter(version=9)):
        place = (database, workspace.id, survey_id)
        score, _ = await read_first_score(*place, survey, selection)
        assert score == (await read_scores(*place, questions, selection))[0]


async def test_the_last_day_is_that_of_an_answer_that_is_still_there(
    database: Database, workspace: Workspace, survey_id: UUID, store: Store
) -> None:
    erased = uuid4()
    await store(recommend=9, days_ago=5)
    await store(service=4, days_ago=1)
    await store(recommend=3, id=erased)
    place = (database, workspace.id, survey_id)

    before = await last_day(*place, CountFilter())
    await erase_response(database, workspace.id, survey_id, erased)

    assert before == TODAY
    assert await last_day(*place, CountFilter()) == TODAY - 1
    assert await last_day(*place, CountFilter(to_day=TODAY - 2)) == TODAY - 5
    assert await last_day(*place, CountFilter(to_day=TODAY - 6)) is None


async def test_another_workspace_sees_nothing(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    await store(recommend=10)

    nps, _ = await read_scores(database, uuid4(), survey_id, questions, CountFilter())

    assert nps.n == 0


async def test_the_overview_agrees_with_the_single_reads(
    database: Database, workspace: Workspace, survey_id: UUID, questions: Questions, store: Store
) -> None:
    for index in range(12):
        await store(recommend=index % 11, service=index % 5 + 1, days_ago=index * 3)

    selection = CountFilter(from_day=TODAY - 20, to_day=TODAY)
    overview = await read_overview(database, workspace.id, survey_id, questions, selection)
    scores = await read_scores(database, workspace.id, survey_id, questions, selection)

    assert list(overview.scores) == scores
    assert overview.period == "week"
    for score, trend in zip(overview.scores, overview.trends, strict=True):
        assert sum(point.score.n for point in trend) == score.n == 7
