"""A suppressed respondent stays so until allowed again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from harken_server.database.database import Database
from harken_server.respondents.store.suppressions import (
    Suppression,
    is_suppressed,
    list_suppressions,
    suppress,
    unsuppress,
)

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
HOME = uuid4()


async def _suppress(
    database: Database, respondent: str, reason: str = "asked_to_stop", now: datetime = NOW
) -> bool:
    return await suppress(database, HOME, respondent, reason=reason, now=now, new_id=uuid4())


async def test_a_respondent_is_suppressed_and_allowed_again(database: Database) -> None:
    assert not await is_suppressed(database, HOME, "kim")

    assert await _suppress(database, "kim")
    assert await is_suppressed(database, HOME, "kim")

    assert await unsuppress(database, HOME, "kim")
    assert not await is_suppressed(database, HOME, "kim")


async def test_suppressing_again_keeps_the_first_reason_and_time(database: Database) -> None:
    await _suppress(database, "kim")

    assert not await _suppress(database, "kim", "bounced", NOW + timedelta(days=1))

    assert await list_suppressions(database, HOME) == [Suppression("kim", "asked_to_stop", NOW)]


async def test_of_suppressions_at_once_one_is_new(database: Database) -> None:
    outcomes = await asyncio.gather(*(_suppress(database, "kim") for _ in range(6)))

    assert sorted(outcomes) == [False] * 5 + [True]


async def test_allowing_a_respondent_who_may_be_asked_says_so(database: Database) -> None:
    assert not await unsuppress(database, HOME, "kim")


async def test_suppressions_are_listed_by_respondent_in_pages(database: Database) -> None:
    for respondent in ("Zoe", "anna", "\u00e4nne", "kim"):
        await _suppress(database, respondent)

    first = await list_suppressions(database, HOME, limit=3)
    rest = await list_suppressions(database, HOME, after=first[-1].respondent, limit=3)

    assert [entry.respondent for entry in first] == ["Zoe", "anna", "kim"]
    assert [entry.respondent for entry in rest] == ["\u00e4nne"]
