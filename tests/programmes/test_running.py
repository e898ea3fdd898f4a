"""Programmes ask everybody once a wave, evenly, whatever workers and clocks do."""

from __future__ import annotations

import asyncio
import random as dice
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from programme_steps import BEFORE, DAY, HOUR, START, fill, invited, make_programme, tick
from tiers import POSTGRES_NIGHTLY
from trigger_steps import HOME, counted

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.programmes.lists import (
    MemberBody,
    change_members,
)
from harken_server.programmes.progress import read_progress
from harken_server.programmes.rules import slot_at, slot_of, wave_start
from harken_server.programmes.store import list_members
from harken_server.respondents.store.respondents import get_respondent
from harken_server.respondents.store.suppressions import suppress
from harken_server.surveys.store.surveys import set_status
from harken_server.surveys.store.touchpoints import get_touchpoint, put_touchpoint


@pytest.fixture
async def second_worker(database_url: str, db: Database) -> AsyncIterator[Database]:
    """Another process's database; SQLite has one process, and its workers share it."""
    if db.dialect == "sqlite":
        yield db
        return
    other = await open_database(database_url)
    yield other
    await other.close()


@POSTGRES_NIGHTLY
@pytest.mark.seconds
async def test_a_thousand_members_are_asked_evenly_over_the_quarter(db: Database) -> None:
    stored = await make_programme(db)
    await fill(db, stored, 1000)
    end = wave_start(stored.programme, 2)
    now = START
    while now < end:
        await tick(db, now)
        now += 12 * HOUR

    asked = await invited(db)

    assert len({name for name, _, _ in asked}) == len(asked)
    missed = [
        n
        for n in range(1000)
        if slot_at(stored.programme, 1, slot_of(stored.id, f"customer-{n}")) > now - 12 * HOUR
    ]
    assert len(asked) == 1000 - len(missed) >= 980
    assert {wave for _, wave, _ in asked} == {"nps_list:1"}
    weeks = Counter((at - START).days // 7 for _, _, at in asked)
    expected = 1000 * 7 / 90
    chi_square = sum((weeks[week] - expected) ** 2 / expected for week in range(12))
    assert chi_square < 31.3  # 11 degrees of freedom, p = 0.001
    assert max(weeks[week] for week in range(12)) < 1.5 * expected


async def test_two_workers_ask_nobody_twice(db: Database, second_worker: Database) -> None:
    stored = await make_programme(db, spread_days=1)
    await fill(db, stored, 120)
    now = START + 2 * DAY

    await asyncio.gather(*(tick(worker, now) for worker in (db, second_worker) * 2))

    asked = await invited(db)
    assert len(asked) == len({name for name, _, _ in asked}) == 120
    assert await counted(db, "decision") == 120
    assert await tick(db, now) == 0


async def test_a_worker_killed_before_its_mark_asks_nobody_again(db: Database) -> None:
    stored = await make_programme(db, spread_days=1)
    await fill(db, stored, 20)
    await tick(db, START + 2 * DAY)
    await db.execute("UPDATE programme_member SET last_wave = 0")

    again = await tick(db, START + 2 * DAY)

    assert again == 20
    assert await counted(db, "invitation") == 20
    assert {m.last_wave for m in await list_members(db, stored)} == {1}


async def test_a_change_between_crash_and_repeat_holds_up_nobody(db: Database) -> None:
    stored = await make_programme(db, spread_days=1)
    await fill(db, stored, 5)
    await tick(db, START + 2 * DAY)
    await db.execute("UPDATE programme_member SET last_wave = 0")
    changed = [MemberBody(respondent=f"customer-{n}", locale="de") for n in range(5)]
    await change_members(db, stored, changed, (), now=START + 2 * DAY)

    await tick(db, START + 2 * DAY)

    assert await counted(db, "invitation") == 5
    assert {m.last_wave for m in await list_members(db, stored)} == {1}


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Oslo", date(2026, 3, 23)),  # the clocks go forward in the first week
        ("America/New_York", date(2026, 10, 26)),  # and back
        ("UTC", date(2028, 2, 21)),  # and a leap day
    ],
)
async def test_a_jumping_clock_loses_and_doubles_nobody(
    db: Database, zone: str, first: date
) -> None:
    made_at = datetime(first.year, first.month, first.day, tzinfo=UTC) - 2 * DAY
    stored = await make_programme(db, every="week", starts_on=first, timezone=zone, at=made_at)
    await fill(db, stored, 12, at=made_at)
    throws = dice.Random(7)
    now = wave_start(stored.programme, 1)
    while now < wave_start(stored.programme, 4) - 2 * HOUR:
        await tick(db, now + throws.choice((-1, 0, 0, 1)) * HOUR)
        now += throws.choice((1, 3, 7)) * HOUR
    await tick(db, wave_start(stored.programme, 4) - timedelta(seconds=1))

    asked = Counter((name, wave) for name, wave, _ in await invited(db))

    assert set(asked.values()) == {1}
    assert len(asked) == 36


async def test_a_clock_a_year_ahead_for_a_moment_asks_once_and_then_waits(db: Database) -> None:
    stored = await make_programme(db)
    await fill(db, stored, 30)

    await tick(db, START + 366 * DAY)
    ahead = await counted(db, "invitation")
    await tick(db, START + 30 * DAY)
    await tick(db, START + 30 * DAY)

    names = [name for name, _, _ in await invited(db)]
    assert ahead > 0
    assert max(Counter(names).values()) == 1


async def test_downtime_over_the_end_of_a_wave_forgets_nobody(db: Database) -> None:
    stored = await make_programme(db)
    await fill(db, stored, 60)
    second = wave_start(stored.programme, 2)
    await tick(db, second - 30 * DAY)
    before = {name for name, _, _ in await invited(db)}

    await tick(db, second + DAY)

    asked = {name: wave for name, wave, _ in await invited(db)}
    late = set(asked) - before
    for number in range(60):
        name = f"customer-{number}"
        slot = slot_of(stored.id, name)
        own = slot_at(stored.programme, 2, slot)
        if name not in before and own > second + 47 * DAY:
            assert asked[name] == "nps_list:1"
        assert name in before or name in late or own <= second + 47 * DAY
    await tick(db, wave_start(stored.programme, 3) - timedelta(seconds=1))
    reached = {name for name, _, _ in await invited(db)}
    assert len(reached) == 60


async def test_a_tick_is_bounded_and_every_programme_has_its_share(db: Database) -> None:
    for key in ("first", "second"):
        stored = await make_programme(db, key, touchpoint=f"asked.{key}", spread_days=1)
        await fill(db, stored, 25)
        members = [MemberBody(respondent=f"{key}-{n}") for n in range(25)]
        await change_members(db, stored, members, (), now=BEFORE)
    at = START + 2 * DAY

    assert [await tick(db, at, limit=40) for _ in range(4)] == [40, 40, 20, 0]


@pytest.mark.parametrize("trouble", ["closed", "draft", "reassigned"])
async def test_members_wait_while_their_survey_cannot_be_asked(db: Database, trouble: Any) -> None:
    stored = await make_programme(db, spread_days=1)
    await fill(db, stored, 5)
    at = START + 2 * DAY
    touchpoint = await get_touchpoint(db, HOME, "relationship.asked")
    assert touchpoint
    if trouble == "reassigned":
        other = type(touchpoint)(key=touchpoint.key, survey="another")
        await put_touchpoint(db, HOME, other, at, uuid4())
    else:
        await set_status(db, HOME, "nps", trouble, at)

    assert await tick(db, at) == 0
    state, progress = await read_progress(db, stored, at)
    assert state == ("reassigned" if trouble == "reassigned" else "not_live")
    assert (progress.due, progress.decided) == (5, 0)

    await put_touchpoint(db, HOME, touchpoint, at, uuid4())
    await set_status(db, HOME, "nps", "live", at)
    assert await tick(db, at) == 5


async def test_a_paused_programme_asks_nobody(db: Database) -> None:
    stored = await make_programme(db, spread_days=1, is_active=False)
    await fill(db, stored, 3)

    assert await tick(db, START + 2 * DAY) == 0
    assert (await read_progress(db, stored, START))[0] == "inactive"


async def test_eligibility_still_decides(db: Database) -> None:
    stored = await make_programme(db, spread_days=1)
    await fill(db, stored, 3)
    await suppress(db, HOME, "customer-1", reason="unsubscribed", now=BEFORE, new_id=uuid4())

    await tick(db, START + 2 * DAY)

    assert {name for name, _, _ in await invited(db)} == {"customer-0", "customer-2"}
    _, progress = await read_progress(db, stored, START + 2 * DAY)
    assert (progress.members, progress.decided, progress.asked) == (3, 3, 2)


async def test_an_invitation_carries_the_wave_the_channel_and_the_language(db: Database) -> None:
    stored = await make_programme(db, spread_days=1, channel="email")
    member = MemberBody(respondent="c", email="C@example.com", locale="de", traits={"plan": "pro"})
    await change_members(db, stored, [member], (), now=BEFORE)

    await tick(db, START + 2 * DAY)

    rows = await db.fetch("SELECT wave, channel, locale FROM invitation")
    assert [tuple(row) for row in rows] == [("nps_list:1", "email", "de")]
    sent = await db.fetch("SELECT wave, kind, address FROM delivery")
    assert [tuple(row) for row in sent] == [("nps_list:1", "invitation", "c@example.com")]
    person = await get_respondent(db, HOME, "c")
    assert person
    assert person.traits == {"plan": "pro"}
