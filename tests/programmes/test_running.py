"""Programmes ask everybody once a wave, evenly, whatever workers and clocks do."""

from __future__ import annotations

import asyncio
import itertools
import random as dice
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from tiers import POSTGRES_NIGHTLY
from trigger_steps import ELSEWHERE, HOME, counted, prepare

from harken_server.database.database import Database
from harken_server.database.values import to_time
from harken_server.kernel.errors import InvalidInputError
from harken_server.programmes.lists import (
    MemberBody,
    MembersReply,
    ProgrammeBody,
    change_members,
    put_programme,
)
from harken_server.programmes.progress import read_progress
from harken_server.programmes.rules import Every, slot_at, slot_of, wave_start
from harken_server.programmes.run import run_programmes
from harken_server.programmes.store import StoredProgramme, list_members
from harken_server.respondents.store.respondents import get_respondent
from harken_server.respondents.store.suppressions import suppress
from harken_server.routes import CHANNELS
from harken_server.surveys.store.surveys import set_status
from harken_server.surveys.store.touchpoints import get_touchpoint, put_touchpoint

START = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = START - timedelta(days=3)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def make_programme(
    db: Database, key: str = "nps_list", *, at: datetime = BEFORE, **fields: Any
) -> StoredProgramme:
    values: dict[str, Any] = {
        "survey": "nps",
        "touchpoint": "relationship.asked",
        "every": "quarter",
        "channel": "widget",
        "starts_on": date(2026, 1, 1),
    }
    body = ProgrammeBody(**{**values, **fields})
    numbers = itertools.count()  # a member's slot is by the programme's id, which is no chance here

    def new_id() -> UUID:
        return uuid5(HOME, f"{key} {at} {next(numbers)}")

    return await put_programme(db, HOME, key, body, now=at, new_id=new_id, channels=CHANNELS)


async def fill(
    db: Database, stored: StoredProgramme, count: int, *, at: datetime = BEFORE
) -> MembersReply:
    members = [MemberBody(respondent=f"customer-{number}") for number in range(count)]
    return await change_members(db, stored, members, (), now=at)


async def tick(db: Database, at: datetime, limit: int = 10_000) -> int:
    return await run_programmes(db, CHANNELS, now=at, random=secrets.token_bytes, limit=limit)


async def invited(db: Database) -> list[tuple[str, str, datetime]]:
    """Respondent, wave and time of every invitation."""
    rows = await db.fetch("SELECT respondent, wave, created_at FROM invitation")
    return [(respondent, wave, to_time(at)) for respondent, wave, at in rows]


@pytest.fixture
async def db(database: Database) -> Database:
    await prepare(database)
    return database


@pytest.fixture
async def second_worker(database_url: str, db: Database) -> AsyncIterator[Database]:
    """Another process's database; SQLite has one process, and its workers share it."""
    if db.dialect == "sqlite":
        yield db
        return
    other = await Database.open(database_url)
    yield other
    await other.close()


@POSTGRES_NIGHTLY
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


async def test_members_are_taken_in_once_and_let_go(db: Database) -> None:
    stored = await make_programme(db)
    await suppress(db, HOME, "gone", reason="erased", now=BEFORE, new_id=uuid4())
    members = [MemberBody(respondent=name) for name in ("a", "b", "gone")]

    first = await change_members(db, stored, members, (), now=BEFORE)
    again = await change_members(db, stored, members[:2], ("nobody",), now=BEFORE)
    last = await change_members(db, stored, (), ("a", "a"), now=BEFORE)

    assert first == MembersReply(added=2, known=0, removed=0, skipped=1)
    assert again == MembersReply(added=0, known=2, removed=0, skipped=0)
    assert last == MembersReply(added=0, known=0, removed=1, skipped=0)
    assert [m.respondent for m in await list_members(db, stored)] == ["b"]
    assert await get_respondent(db, HOME, "gone") is None


async def test_who_leaves_and_comes_back_is_not_asked_twice(db: Database) -> None:
    stored = await make_programme(db, every="once", spread_days=1)
    await fill(db, stored, 4)
    at = START + 2 * DAY
    await tick(db, at)
    names = tuple(f"customer-{n}" for n in range(4))
    await change_members(db, stored, (), names, now=at)
    await fill(db, stored, 4, at=at)

    await tick(db, at)

    assert await counted(db, "invitation") == 4


async def test_a_new_member_of_a_running_programme_waits_for_their_slot(db: Database) -> None:
    stored = await make_programme(db)
    at = START + 45 * DAY
    await fill(db, stored, 40, at=at)

    assert await tick(db, at) == 0
    await tick(db, wave_start(stored.programme, 2) - timedelta(seconds=1))
    later = {name for name, _, _ in await invited(db)}
    assert later == {
        f"customer-{n}"
        for n in range(40)
        if slot_at(stored.programme, 1, slot_of(stored.id, f"customer-{n}")) > at
    }
    await tick(db, wave_start(stored.programme, 2) + 46 * DAY)
    assert {name for name, _, _ in await invited(db)} == {f"customer-{n}" for n in range(40)}


async def test_a_list_asked_once_is_finished_when_all_were_asked(db: Database) -> None:
    stored = await make_programme(db, every="once", spread_days=4)
    await fill(db, stored, 20)
    states = []
    for day in range(6):
        await tick(db, START + day * DAY)
        states.append((await read_progress(db, stored, START + day * DAY))[0])

    assert states == ["running"] * 4 + ["finished"] * 2
    _, progress = await read_progress(db, stored, START + 5 * DAY)
    assert (progress.asked, progress.next_asking_at, progress.next_wave_at) == (20, None, None)
    assert await tick(db, START + 400 * DAY) == 0


async def test_progress_names_the_next_asking(db: Database) -> None:
    stored = await make_programme(db)
    await fill(db, stored, 10)
    slots = sorted(slot_of(stored.id, f"customer-{n}") for n in range(10))

    state, before = await read_progress(db, stored, BEFORE)
    first = slot_at(stored.programme, 1, slots[0])
    _, at_first = await read_progress(db, stored, first)
    await tick(db, first)
    _, after = await read_progress(db, stored, first)

    assert (state, before.wave, before.next_asking_at) == ("not_begun", 0, first)
    assert (at_first.due, at_first.decided) == (1, 0)
    assert (after.due, after.decided, after.asked) == (0, 1, 1)
    assert after.next_asking_at == slot_at(stored.programme, 1, slots[1])
    assert after.next_wave_at == datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "cooldown", "link"),
    [("week", 5, 6), ("month", 20, 25), ("quarter", 30, 30)],
)
async def test_the_touchpoint_of_a_programme_is_made_to_fit_it(
    db: Database, every: Every, cooldown: int, link: int
) -> None:
    await make_programme(db, every=every)

    made = await get_touchpoint(db, HOME, "relationship.asked")

    assert made
    assert (made.survey, made.cooldown_days, made.link_ttl_days) == ("nps", cooldown, link)


async def test_an_unassigned_touchpoint_keeps_its_settings_and_gets_the_survey(
    db: Database,
) -> None:
    touchpoint = await get_touchpoint(db, HOME, "order.delivered")
    assert touchpoint
    idle = type(touchpoint)(key="idle.one", survey=None, owner="Kari", cooldown_days=3)
    await put_touchpoint(db, HOME, idle, BEFORE, uuid4())

    await make_programme(db, touchpoint="idle.one")

    assigned = await get_touchpoint(db, HOME, "idle.one")
    assert assigned
    assert (assigned.survey, assigned.owner, assigned.cooldown_days) == ("nps", "Kari", 3)


async def refused(db: Database, **fields: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as caught:
        await make_programme(db, **fields)
    return {(problem.path, problem.code) for problem in caught.value.problems}


async def test_a_programme_that_would_stand_in_its_own_way_is_refused(db: Database) -> None:
    assert await refused(db, touchpoint="order.delivered", every="week") == {
        ("$.touchpoint", "cooldown_days_too_long"),
        ("$.touchpoint", "link_ttl_days_too_long"),
    }
    assert await refused(db, survey="nothing", touchpoint="order.delivered") == {
        ("$.survey", "survey_unknown"),
        ("$.touchpoint", "touchpoint_taken"),
    }
    assert await counted(db, "programme") == 0


async def test_once_begun_the_calendar_of_a_programme_stays(db: Database) -> None:
    await make_programme(db)
    await make_programme(db, every="half_year", starts_on=date(2026, 1, 2))
    changes = {"every": "quarter", "starts_on": date(2026, 2, 1), "timezone": "Europe/Oslo"}

    found = await refused(db, at=START + 2 * DAY, **changes)
    same = await make_programme(
        db, at=START + 2 * DAY, every="half_year", starts_on=None, channel="sms", spread_days=5
    )

    assert found == {(f"$.{name}", "programme_begun") for name in changes}
    assert (same.programme.starts_on, same.programme.channel) == (date(2026, 1, 2), "sms")


async def test_a_programme_starts_today_in_its_own_zone_unless_said(db: Database) -> None:
    stored = await make_programme(
        db,
        starts_on=None,
        timezone="Pacific/Auckland",
        at=datetime(2026, 5, 4, 18, tzinfo=UTC),
    )

    assert stored.programme.starts_on == date(2026, 5, 5)


async def test_bad_members_are_named_by_their_place_and_nothing_is_stored(db: Database) -> None:
    stored = await make_programme(db)
    members = [
        MemberBody(respondent="a"),
        MemberBody(respondent="b", email="no address"),
        MemberBody(respondent="a", phone="call me"),
    ]

    with pytest.raises(InvalidInputError) as caught:
        await change_members(db, stored, members, ("b",), now=BEFORE)

    assert {(problem.path, problem.code) for problem in caught.value.problems} == {
        ("$.members[1].email", "bad_format"),
        ("$.members[2].phone", "bad_format"),
        ("$.members[2].respondent", "duplicate"),
        ("$.remove[0]", "contradiction"),
    }
    assert await counted(db, "programme_member") == 0


async def test_programmes_of_two_workspaces_do_not_meet(db: Database) -> None:
    await prepare(db, workspace_id=ELSEWHERE)
    stored = await make_programme(db, spread_days=1)
    await fill(db, stored, 2)
    body = ProgrammeBody(survey="nps", touchpoint="x.y", every="once", starts_on=date(2026, 1, 1))
    other = await put_programme(
        db, ELSEWHERE, "nps_list", body, now=BEFORE, new_id=uuid4, channels=CHANNELS
    )
    await change_members(db, other, [MemberBody(respondent="customer-0")], (), now=BEFORE)

    await tick(db, START + 2 * DAY)

    rows = await db.fetch("SELECT workspace_id, wave FROM invitation")
    assert len(rows) == 3
    _, mine = await read_progress(db, stored, START + 2 * DAY)
    _, theirs = await read_progress(db, other, START + 2 * DAY)
    assert (mine.asked, theirs.asked) == (2, 1)
