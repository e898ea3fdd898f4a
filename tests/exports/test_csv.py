"""The CSV file: the same bytes from both databases, and exactly what was answered."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from export_lines import (
    FIRST,
    LABELS,
    RECORD,
    SHOP,
    START,
    VERSIONS,
    Line,
    csv_of,
    random_lines,
    store_lines,
)
from survey_records import add_survey

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.exports.csv import stream_csv
from harken_server.kernel.sheet_files import Dialect
from harken_server.responses.response import CountFilter
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.survey import Survey

DAY = START.toordinal()


def records(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("dialect", ["raw", "spreadsheet"])
async def test_both_databases_give_the_same_bytes(both: list[Database], dialect: Dialect) -> None:
    lines = random_lines(seed=7, size=400)
    for db in both:
        await store_lines(db, lines)

    sqlite, postgres = [await csv_of(db, dialect=dialect) for db in both]

    assert sqlite == postgres
    assert len(records(sqlite)) == sum(line.state != "erased" for line in lines)


def day_of(line: Line) -> int:
    """The day on which it was answered."""
    return (line.answered_at or line.submitted_at).toordinal()


async def test_every_filter_takes_in_the_same_lines_on_both(both: list[Database]) -> None:
    lines = random_lines(seed=8, size=200)
    for db in both:
        await store_lines(db, lines)
    for selection, expected in [
        (CountFilter(from_day=DAY + 1), [x for x in lines if day_of(x) > DAY]),
        (CountFilter(to_day=DAY), [x for x in lines if day_of(x) <= DAY]),
        (CountFilter(touchpoint="till"), [x for x in lines if x.touchpoint == "till"]),
        (CountFilter(channel="web", version=1),
         [x for x in lines if (x.channel, x.version) == ("web", 1)]),
    ]:  # fmt: skip
        sqlite, postgres = [await csv_of(db, selection) for db in both]

        assert sqlite == postgres
        assert [row["response_id"] for row in records(sqlite)] == [
            str(UUID(int=line.number)) for line in expected if line.state != "erased"
        ]


async def test_a_cell_holds_what_was_answered(database: Database) -> None:
    answers = [
        AnswerRow("recommend", rating=9),
        AnswerRow("reason", choice="other", text="music"),
        AnswerRow("liked", "speed", choice="speed"),
        AnswerRow("liked", "other", choice="other", text="view"),
        AnswerRow("parts", "food", choice="good"),
        AnswerRow("order", "food", rating=1, choice="food"),
        AnswerRow("order", "price", rating=2, choice="price"),
        AnswerRow("spent", number=12.0),
        AnswerRow("contact", rating=0),
        AnswerRow("why", text='"so"\nso', is_hidden=True),
    ]
    line = Line(
        1,
        answers,
        respondent="c-42",
        context='{"store":"oslo"}',
        proof="link",
        origin_proof="place",
        claimed="*",
        probability=0.25,
    )
    await store_lines(database, [line])

    (row,) = records(await csv_of(database))

    assert row == {
        "response_id": str(UUID(int=1)), "survey": "visit", "survey_version": "2",
        "state": "complete", "submitted_at": "2026-11-01T10:00:00.250Z",
        "answered_at": "2026-11-01T10:00:00.250Z",
        "started_at": "2026-11-01T10:00:00.250Z", "completed_at": "2026-11-01T10:00:10.150Z",
        "duration_s": "10", "channel": "receipt", "touchpoint": "till", "locale": "en",
        "respondent": "c-42", "is_sample": "0", "context": '{"store":"oslo"}',
        "hidden_answers": '{"why":"\\"so\\"\\nso"}', "respondent_verified": "1",
        "respondent_proof": "link", "claimed_context": '["store"]',
        "probability": "0.25", "origin_proof": "place", "standing": "counted", "flags": "",
        "recommend": "9", "reason": "other",
        "reason__other": "music", "liked__price": "0", "liked__speed": "1", "liked__food": "0",
        "liked__nothing": "0", "liked__other": "view", "parts__price": "", "parts__speed": "",
        "parts__food": "good", "order__price": "2", "order__speed": "", "order__food": "1",
        "spent": "12", "contact": "0", "why": "", "q_channel": "",
    }  # fmt: skip


async def test_nothing_answered_leaves_flags_empty(database: Database) -> None:
    await store_lines(database, [Line(1, [], state="partial")])

    (row,) = records(await csv_of(database))

    assert {row[name] for name in row if name.startswith("liked__")} == {""}
    assert row["completed_at"] == row["duration_s"] == ""


async def test_a_client_clock_ahead_of_ours_gives_no_duration(database: Database) -> None:
    await store_lines(database, [Line(1, [], started_at=START + timedelta(days=400))])

    (row,) = records(await csv_of(database))

    assert row["duration_s"] == ""


async def test_other_surveys_and_workspaces_stay_out(database: Database) -> None:
    await store_lines(database, [Line(1, [])])
    another = await add_survey(database, SHOP)
    foreign = await add_survey(database, UUID(int=9))
    lines = [Line(2, [], survey_number=another.number), Line(3, [], survey_number=foreign.number)]
    await store_lines(database, lines)

    assert [row["response_id"] for row in records(await csv_of(database))] == [str(UUID(int=1))]


async def test_an_empty_survey_is_a_header_line(both: list[Database]) -> None:
    sqlite, postgres = [await csv_of(db) for db in both]

    assert sqlite == postgres
    assert sqlite.startswith(b"response_id,survey,")
    assert sqlite.count(b"\n") == 1


async def test_an_export_does_not_see_what_comes_later(database: Database) -> None:
    await store_lines(database, [Line(number, []) for number in range(1, 2600)])
    chunks = stream_csv(database, SHOP, RECORD, VERSIONS, CountFilter())

    first = await anext(chunks)
    await store_lines(database, [Line(5000, [])])
    rest = b"".join([chunk async for chunk in chunks])

    assert len(records(first + rest)) == 2599


async def test_a_reader_may_walk_away(database: Database) -> None:
    await store_lines(database, [Line(number, []) for number in range(1, 2600)])
    chunks = stream_csv(database, SHOP, RECORD, VERSIONS, CountFilter())

    await anext(chunks)
    async with asyncio.timeout(10):
        await chunks.aclose()

    assert await database.fetch("SELECT count(*) FROM response") == [(2599,)]


async def test_a_database_that_fails_does_so_before_the_first_chunk(database: Database) -> None:
    await database.execute("ALTER TABLE response RENAME TO elsewhere")

    with pytest.raises(Exception, match="response"):
        await anext(stream_csv(database, SHOP, RECORD, VERSIONS, CountFilter()))


async def test_sqlite_needs_no_sort(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    db = await open_database(sqlite_url)
    asked: list[str] = []
    stream = db.stream
    monkeypatch.setattr(db, "stream", lambda sql, *p, **_: asked.append(sql) or stream(sql, *p))
    await csv_of(db)

    plan = await db.fetch(f"EXPLAIN QUERY PLAN {asked[0]}", SHOP, RECORD.id, "counted")
    await db.close()

    assert not [step for *_, step in plan if "TEMP B-TREE" in step]


async def test_a_survey_may_have_more_columns_than_a_table(both: list[Database]) -> None:
    rows = [{"value": f"r{n}", "label": "r"} for n in range(50)]
    questions = [
        {"type": "matrix", "key": f"m{n}", "text": "?", "rows": rows, "columns": LABELS}
        for n in range(40)
    ]
    wide = msgspec.convert({**FIRST, "questions": questions}, Survey)
    answers = [AnswerRow("m1", "r2", choice="price"), AnswerRow("m39", "r49", choice="food")]
    files: list[bytes] = []
    for db in both:
        await store_lines(db, [Line(1, answers, respondent='a "b"'), Line(2, [])])
        chunks = stream_csv(db, SHOP, RECORD, [(1, wide)], CountFilter())
        files.append(b"".join([chunk async for chunk in chunks]))

    assert files[0] == files[1]
    assert records(files[0])[0]["m39__r49"] == "food"


async def test_the_probability_of_asking_stands_in_plain_digits_or_not_at_all(
    database: Database,
) -> None:
    given = (None, 1.0, 0.25, 1e-07)
    await store_lines(
        database,
        [Line(number, [], probability=each) for number, each in enumerate(given, start=1)],
    )

    rows = records(await csv_of(database))

    assert [row["probability"] for row in rows] == ["", "1", "0.25", "0.0000001"]
