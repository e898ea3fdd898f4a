"""What becomes of a submission, on both engines: stored once, whole, and counted."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from stored_rows import EVERYTHING, NOON, counts_of
from survey_records import add_survey

from harken_server.database.failures import ConstraintError
from harken_server.database.lanes import first_position, lane_of
from harken_server.database.opening import open_database
from harken_server.insights.rules.counts import CountRow
from harken_server.kernel.errors import OverloadedError, StorageError
from harken_server.responses.response import StoreOutcome
from harken_server.responses.store.recount import recount
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow


async def test_a_stored_response_comes_back_as_it_was_given(database, make_response):
    new = make_response(
        answers=EVERYTHING, received_at=NOON, started_at=NOON - timedelta(minutes=2),
        touchpoint="till", channel="receipt", locale="nb", respondent="c-42", context='{"a": 1}',
        is_sample=True, version=3, digest=b"a" * 16,
    )  # fmt: skip

    outcome = await database.store(RESPONSES, new)
    found = await get_response(database, new.survey.workspace_id, new.survey.id, new.id)

    assert outcome == StoreOutcome("stored", 3, 1, True, NOON, ("skipped",))
    assert found is not None
    assert sorted(found.answers) == sorted(EVERYTHING)
    assert [type(row.is_hidden) for row in found.answers] == [bool] * len(EVERYTHING)
    assert (found.id, found.version) == (new.id, 3)
    assert (found.state, found.sequence, found.digest) == ("complete", 1, b"a" * 16)
    assert (found.touchpoint, found.channel, found.locale) == ("till", "receipt", "nb")
    assert (found.respondent, found.context, found.is_sample) == ("c-42", '{"a": 1}', True)
    assert found.started_at == NOON - timedelta(minutes=2)
    assert found.submitted_at == found.updated_at == found.completed_at == NOON
    assert found.position - first_position(lane_of(found.position)) == 1


async def test_a_repeat_gets_the_same_outcome_and_stores_nothing(database, make_response):
    new = make_response(answers=EVERYTHING)
    first = await database.store(RESPONSES, new)
    later = make_response(
        id=new.id, answers=EVERYTHING, received_at=new.received_at + timedelta(days=1)
    )

    second = await database.store(RESPONSES, later)

    assert first.kind == "stored"
    assert second.kind == "repeated"
    assert (second.version, second.sequence, second.is_complete, second.hidden) == (
        first.version, first.sequence, first.is_complete, first.hidden,
    )  # fmt: skip
    assert second.updated_at == first.updated_at
    taken = await database.fetch("SELECT position, lane FROM feed")
    assert sum(position - first_position(lane) for position, lane in taken) == 1


@pytest.mark.parametrize(
    ("stored", "sent", "kind"),
    [
        (None, {"sequence": 1}, "stored"),
        (None, {"sequence": 4}, "stored"),
        (None, {"sequence": 2, "replaces": 1}, "outdated"),
        ({"sequence": 2}, {"sequence": 2}, "repeated"),
        ({"sequence": 2}, {"sequence": 2, "digest": b"f" * 16}, "conflict"),
        ({"sequence": 2}, {"sequence": 1}, "superseded"),
        ({"sequence": 2}, {"sequence": 1, "digest": b"f" * 16}, "superseded"),
        ({"sequence": 2}, {"sequence": 3, "replaces": 2}, "finished"),
        ({"sequence": 2, "is_complete": False}, {"sequence": 3, "replaces": 2}, "stored"),
        ({"sequence": 2, "is_complete": False}, {"sequence": 3, "replaces": 1}, "outdated"),
        ({"sequence": 2, "is_complete": False}, {"sequence": 3}, "outdated"),
    ],
)
@pytest.mark.parametrize("is_together", [False, True], ids=["apart", "in one batch"])
async def test_the_outcome_follows_from_sequence_and_digest(
    database, make_response, stored, sent, kind, is_together
):
    response_id = uuid4()
    news = [make_response(id=response_id, **given) for given in (stored, sent) if given]

    if is_together:
        outcomes = await asyncio.gather(*(database.store(RESPONSES, new) for new in news))
    else:
        outcomes = [await database.store(RESPONSES, new) for new in news]

    assert outcomes[-1].kind == kind
    if stored and kind != "stored":
        assert (outcomes[-1].sequence, outcomes[-1].updated_at) == (2, news[0].received_at)


async def test_a_later_sequence_replaces_answers_and_moves_counts(database, make_response):
    first = make_response(
        is_complete=False, answers=[AnswerRow("recommend", rating=3), AnswerRow("why", text="Cold")]
    )
    second = make_response(
        id=first.id, sequence=2, replaces=1, version=2, received_at=first.received_at,
        answers=[AnswerRow("recommend", rating=8), AnswerRow("reason", choice="taste")],
    )  # fmt: skip
    await database.store(RESPONSES, first)

    await database.store(RESPONSES, second)

    found = await get_response(database, first.survey.workspace_id, first.survey.id, first.id)
    assert found is not None
    assert (found.state, found.sequence, found.version) == ("complete", 2, 2)
    assert found.position - first_position(lane_of(found.position)) == 2
    assert sorted(found.answers) == sorted(second.answers)
    assert found.submitted_at == first.received_at
    assert await counts_of(database, first) == [
        CountRow("reason", "", "taste", 1), CountRow("recommend", "", "8", 1),
    ]  # fmt: skip
    assert await recount(database, first.survey.workspace_id, first.survey.id) == []


async def test_a_later_sequence_in_the_same_batch_wins(database, make_response):
    first = make_response(is_complete=False, started_at=NOON, received_at=NOON)
    news = [
        first,
        make_response(
            id=first.id, sequence=2, replaces=1, received_at=NOON + timedelta(days=1),
            answers=[AnswerRow("recommend", rating=1)],
        ),
        make_response(id=first.id, sequence=2, received_at=NOON + timedelta(days=2)),
        make_response(id=first.id, sequence=3, replaces=2),
    ]  # fmt: skip

    outcomes = await asyncio.gather(*(database.store(RESPONSES, new) for new in news))

    found = await get_response(database, first.survey.workspace_id, first.survey.id, first.id)
    assert [outcome.kind for outcome in outcomes] == ["stored", "stored", "repeated", "finished"]
    assert found is not None
    assert found.answers == [AnswerRow("recommend", rating=1)]
    assert (found.submitted_at, found.updated_at) == (NOON, NOON + timedelta(days=1))
    assert found.started_at == NOON
    assert await recount(database, first.survey.workspace_id, first.survey.id) == []


async def test_a_hundred_copies_at_once_are_stored_once(database, make_response):
    new = make_response()

    outcomes = await asyncio.gather(*[database.store(RESPONSES, new) for _ in range(100)])

    kinds = [outcome.kind for outcome in outcomes]
    assert (kinds.count("stored"), kinds.count("repeated")) == (1, 99)
    assert await database.fetch("SELECT count(*) FROM response") == [(1,)]


async def test_the_same_id_in_another_survey_is_another_response(database, make_response):
    new = make_response()
    other_survey = await add_survey(database, new.survey.workspace_id)
    other = make_response(id=new.id, survey=other_survey)

    outcomes = [await database.store(RESPONSES, new), await database.store(RESPONSES, other)]

    assert [outcome.kind for outcome in outcomes] == ["stored", "stored"]


async def test_an_unacceptable_row_fails_alone(database, make_response):
    news = [make_response() for _ in range(20)]
    news[7] = make_response(channel="x" * 65)
    news[9] = make_response(locale="x" * 13)

    results = await asyncio.gather(
        *(database.store(RESPONSES, new) for new in news), return_exceptions=True
    )

    assert isinstance(results[7], ConstraintError)
    assert isinstance(results[9], ConstraintError)
    others = [result for place, result in enumerate(results) if place not in {7, 9}]
    assert {result.kind for result in others} == {"stored"}
    assert await database.fetch("SELECT count(*) FROM response") == [(18,)]
    assert await recount(database, news[0].survey.workspace_id, news[0].survey.id) == []


async def test_a_batch_takes_less_than_two_statements_a_response(database, make_response):
    news = [make_response() for _ in range(300)]

    await asyncio.gather(*(database.store(RESPONSES, new) for new in news))

    assert database.statistics.stored == 300
    assert database.statistics.statements < 300


async def test_positions_grow_with_each_change_without_a_repeat(database, make_response):
    news = [make_response() for _ in range(50)]
    await asyncio.gather(*(database.store(RESPONSES, new) for new in news))

    positions = await database.fetch("SELECT position FROM response ORDER BY number")

    before = first_position(lane_of(positions[0][0]))
    assert [row[0] - before for row in positions] == list(range(1, 51))


async def test_a_full_queue_refuses_and_what_was_taken_is_stored(database_url, make_response):
    db = await open_database(database_url, queue_limit=10)

    results = await asyncio.gather(
        *[db.store(RESPONSES, make_response()) for _ in range(200)], return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, OverloadedError)]
    stored = await db.fetch("SELECT count(*) FROM response")
    await db.close()
    assert refused
    assert stored == [(200 - len(refused),)]


async def test_a_closed_database_refuses(database_url, make_response):
    db = await open_database(database_url)
    await db.close()

    with pytest.raises(StorageError):
        await db.store(RESPONSES, make_response())


async def test_closing_stores_what_is_queued(database_url, database, make_response):
    db = await open_database(database_url) if database.dialect == "postgres" else database
    waiting = [asyncio.ensure_future(db.store(RESPONSES, make_response())) for _ in range(40)]
    await asyncio.sleep(0)

    await db.close()

    assert {outcome.kind for outcome in await asyncio.gather(*waiting)} == {"stored"}


async def test_several_writers_on_postgres_agree(postgres_url):
    databases = [await open_database(postgres_url) for _ in range(3)]
    shared = [uuid4() for _ in range(20)]
    survey = await add_survey(databases[0], uuid4())
    make = _maker(survey)

    outcomes = await asyncio.gather(
        *[
            db.store(RESPONSES, make(response_id))
            for db in databases
            for response_id in [*shared, *(uuid4() for _ in range(30))]
        ]
    )

    stored = [outcome for outcome in outcomes if outcome.kind == "stored"]
    assert len(stored) == 20 + 3 * 30
    assert await databases[0].fetch("SELECT count(DISTINCT position) FROM response") == [(110,)]
    assert await recount(databases[0], survey.workspace_id, survey.id) == []
    for db in databases:
        await db.close()


def _maker(survey):
    from harken_server.responses.response import NewResponse

    def make(response_id) -> NewResponse:
        return NewResponse(
            id=response_id, survey=survey, version=1, sequence=1, is_complete=True,
            digest=b"0" * 16, received_at=NOON,
            answers=[AnswerRow("recommend", rating=response_id.int % 11)],
        )  # fmt: skip

    return make
