"""JSON lines: every answer in wire form, the same from both databases."""

from __future__ import annotations

import json

from export_lines import Line, jsonl_of, random_lines, store_lines

from harken_server.database.database import Database
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow


async def test_both_databases_give_the_same_lines(both: list[Database]) -> None:
    lines = random_lines(seed=9, size=300)
    for db in both:
        await store_lines(db, lines)

    sqlite, postgres = [await jsonl_of(db) for db in both]

    assert sqlite == postgres
    assert sqlite.count(b"\n") == sum(line.state != "erased" for line in lines)


async def test_a_line_is_the_response_as_the_api_gives_it(database: Database) -> None:
    answers = [
        AnswerRow("liked", "speed", choice="speed"),
        AnswerRow("liked", "price", choice="price"),
        AnswerRow("recommend", rating=9),
        AnswerRow("why", text="late", is_hidden=True),
    ]
    await store_lines(database, [Line(1, answers, context='{"store":"oslo"}')])

    (line,) = (await jsonl_of(database)).splitlines()

    assert json.loads(line) == {
        "id": "00000000-0000-0000-0000-000000000001", "survey": "visit", "version": 2,
        "state": "complete", "complete": True, "sequence": 1,
        "submitted_at": "2026-11-01T10:00:00.250000Z",
        "answered_at": "2026-11-01T10:00:00.250000Z",
        "updated_at": "2026-11-01T10:00:10.150000Z",
        "completed_at": "2026-11-01T10:00:10.150000Z",
        "started_at": "2026-11-01T10:00:00.250000Z",
        "channel": "receipt", "touchpoint": "till", "locale": "en", "respondent": None,
        "respondent_verified": False,
        "respondent_proof": "",
        "origin_proof": "",
        "claimed_context": [],
        "context": {"store": "oslo"}, "is_sample": False,
        "standing": "counted", "flags": [], "probability": None,
        "answers": {"recommend": 9, "liked": ["price", "speed"]},
        "hidden_answers": {"why": "late"}, "cursor": "kQE",
    }  # fmt: skip


async def test_responses_that_end_between_chunks_stay_whole(database: Database) -> None:
    answers = [AnswerRow("liked", value, choice=value) for value in ("food", "price", "speed")]
    await store_lines(database, [Line(number, answers) for number in range(1, 1500)])

    lines = (await jsonl_of(database)).splitlines()

    assert len(lines) == 1499
    assert {len(json.loads(line)["answers"]["liked"]) for line in lines} == {3}


async def test_the_filter_holds_for_lines_too(database: Database) -> None:
    await store_lines(database, [Line(1, []), Line(2, [], channel="web")])

    assert len((await jsonl_of(database, CountFilter(channel="web"))).splitlines()) == 1
