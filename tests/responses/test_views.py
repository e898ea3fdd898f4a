"""The views that people and BI tools read: the same rows as the API gives, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from export_lines import SHOP, random_lines, store_lines

from harken_server.database.database import Database
from harken_server.database.values import to_bool, to_time
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.workspaces.store.workspaces import add_workspace

LINES = random_lines(seed=9, size=60)
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "business-intelligence.md"


@pytest.fixture
async def stored(database: Database) -> Database:
    await add_workspace(database, SHOP, "s", "S", datetime(2026, 1, 1, tzinfo=UTC))
    await store_lines(database, LINES)
    return database


async def test_a_row_of_responses_has_ids_and_times_that_can_be_read(stored: Database) -> None:
    rows = await stored.fetch(
        "SELECT response_id, survey, workspace, submitted_at, answered_at, day, touchpoint,"
        " is_sample"
        " FROM responses_flat"
    )

    found = {
        UUID(str(row[0])): (
            *row[1:3], _time(row[3]), _time(row[4]), str(row[5]), row[6], to_bool(row[7])
        )
        for row in rows
    }  # fmt: skip
    assert found == {
        UUID(int=line.number): (
            "visit", "s", line.submitted_at, line.answered_at or line.submitted_at,
            (line.answered_at or line.submitted_at).date().isoformat(), line.touchpoint,
            line.is_sample,
        )
        for line in LINES
        if line.state != "erased"
    }  # fmt: skip


async def test_a_row_of_answers_is_a_typed_row_of_the_document(stored: Database) -> None:
    rows = await stored.fetch(
        "SELECT response_id, question, part, rating, number, choice, text, is_hidden FROM answers"
    )

    found = sorted((UUID(str(row[0])).int, AnswerRow(*row[1:7], to_bool(row[7]))) for row in rows)
    assert found == sorted(
        (line.number, row) for line in LINES if line.state != "erased" for row in line.answers
    )


async def test_comments_are_the_texts_that_are_not_hidden(stored: Database) -> None:
    rows = await stored.fetch("SELECT response_id, question, text FROM comments")

    found = sorted((UUID(str(row[0])).int, row[1], row[2]) for row in rows)
    assert found == sorted(
        (line.number, row.question, row.text)
        for line in LINES
        if line.state != "erased"
        for row in line.answers
        if row.text is not None and not row.is_hidden
    )


async def test_a_reader_as_documented_reads_the_views_and_nothing_else(postgres_url: str) -> None:
    _, _, rest = HOW_TO.read_text().partition("```sql\n")
    statements = rest.partition("```")[0].replace("harken_reader", "reader_of_a_test")
    owner = await asyncpg.connect(postgres_url)
    try:
        await owner.execute(statements)
        await owner.execute("SET ROLE reader_of_a_test")

        for view in ("responses_flat", "answers", "comments"):
            assert await owner.fetch(f"SELECT * FROM {view}") == []
        for table in ("response", "api_key", "respondent"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.fetch(f"SELECT * FROM {table}")
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute("DELETE FROM responses_flat")
    finally:
        await owner.execute("RESET ROLE; DROP OWNED BY reader_of_a_test")
        await owner.execute("DROP ROLE reader_of_a_test")
        await owner.close()


def _time(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else to_time(value)
