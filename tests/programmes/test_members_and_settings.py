"""Members of programmes come and go; settings that stand in their own way are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from programme_steps import BEFORE, DAY, START, fill, invited, make_programme, tick
from trigger_steps import ELSEWHERE, HOME, counted, prepare

from harken_server.database.database import Database
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
from harken_server.programmes.store import list_members
from harken_server.respondents.store.respondents import get_respondent
from harken_server.respondents.store.suppressions import suppress
from harken_server.routes import CHANNELS
from harken_server.surveys.store.touchpoints import get_touchpoint, put_touchpoint


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
    member = MemberBody(respondent="customer-0", email="customer-0@example.com")
    await change_members(db, other, [member], (), now=BEFORE)

    await tick(db, START + 2 * DAY)

    rows = await db.fetch("SELECT workspace_id, wave FROM invitation")
    assert len(rows) == 3
    _, mine = await read_progress(db, stored, START + 2 * DAY)
    _, theirs = await read_progress(db, other, START + 2 * DAY)
    assert (mine.asked, theirs.asked) == (2, 1)
